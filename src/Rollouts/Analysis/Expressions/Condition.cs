using System.Diagnostics.CodeAnalysis;

namespace Rollouts.Analysis.Expressions;

/// <summary>
/// A success or failure condition of a metric, in the language of expr-lang 1.17 as Argo Rollouts uses it. A parsed condition
/// holds no state of an evaluation: it may be kept, and evaluated by several threads at once.
/// </summary>
public sealed class Condition
{
    private Condition(string source, IReadOnlySet<string> functions)
    {
        Source = source;
        Functions = functions;
    }

    /// <summary>The text that the condition was parsed from.</summary>
    public string Source { get; }

    /// <summary>The names of the functions that the condition calls, for instance <c>isNaN</c> and <c>len</c>.</summary>
    public IReadOnlySet<string> Functions { get; }

    /// <summary>Parses a condition. Types are checked when it is evaluated, because they follow the result.</summary>
    /// <exception cref="ConditionException">The text is no condition; the problem says what is wrong and where.</exception>
    public static Condition Parse(string source) =>
        TryParse(source, out var condition, out var problem) ? condition : throw new ConditionException(problem);

    /// <summary>Parses a condition, or says what is wrong with it.</summary>
    public static bool TryParse(
        string source,
        [NotNullWhen(true)] out Condition? condition,
        [NotNullWhen(false)] out ConditionProblem? problem)
    {
        ArgumentNullException.ThrowIfNull(source);
        condition = null;
        problem = new ConditionProblem("the condition language is not read yet", 1, 1);
        return false;
    }

    /// <summary>Evaluates the condition on a measured value.</summary>
    /// <param name="result">What the provider measured; <c>result</c> in the condition.</param>
    /// <param name="now">The time that <c>now()</c> gives.</param>
    /// <exception cref="ConditionException">The condition does not fit the type of the result, fails on it, or gives no boolean.</exception>
    public bool Evaluate(MetricValue result, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(result);
        throw new ConditionException(new ConditionProblem($"the condition language is not read yet: {Source}", 1, 1));
    }
}
