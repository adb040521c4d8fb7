using System.Diagnostics.CodeAnalysis;
using Rollouts.Analysis.Expressions.Evaluation;
using Rollouts.Analysis.Expressions.Syntax;
using Rollouts.Analysis.Expressions.Values;

namespace Rollouts.Analysis.Expressions;

/// <summary>
/// A success or failure condition of a metric, in the language of expr-lang 1.17 as Argo Rollouts uses it. A parsed condition
/// holds no state of an evaluation: it may be kept, and evaluated by several threads at once.
/// </summary>
public sealed class Condition
{
    private readonly Node syntax;
    private readonly ConditionProgram?[] programs = new ConditionProgram?[ResultShapes.Count];

    private Condition(string source, Node syntax)
    {
        Source = source;
        this.syntax = syntax;
        Functions = CalledFunctions.In(syntax);
    }

    /// <summary>The text that the condition was parsed from.</summary>
    public string Source { get; }

    /// <summary>The names of the functions that the condition calls, for instance <c>isNaN</c> and <c>len</c>.</summary>
    public IReadOnlySet<string> Functions { get; }

    /// <summary>What the text says.</summary>
    internal Node Syntax => syntax;

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
        condition = ConditionParser.TryParse(source, out var syntax, out problem) ? new Condition(source, syntax) : null;
        return condition is not null;
    }

    /// <summary>Why the condition does not fit values of the same type as an example, whatever they are; null when it does.</summary>
    internal ConditionProblem? Misfit(MetricValue example)
    {
        try
        {
            return ConditionProgram.Compile(Source, syntax, GoValues.TypeOf(example.ToGo())).Problem;
        }
        catch (InsufficientExecutionStackException)
        {
            return new ConditionProblem(ConditionParser.TooDeep, 1, 1);
        }
    }

    /// <summary>
    /// Evaluates the condition on a measured value. It is checked against the type of the value first, as Argo Rollouts does it
    /// for each measurement, and once for each type. What a condition may cost is bounded: a hostile one fails within a tenth of a second.
    /// </summary>
    /// <param name="result">What the provider measured; <c>result</c> in the condition.</param>
    /// <param name="now">The time that <c>now()</c> gives.</param>
    /// <exception cref="ConditionException">The condition does not fit the type of the result, fails on it, or gives no boolean.</exception>
    public bool Evaluate(MetricValue result, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(result);
        try
        {
            var value = result.ToGo();
            var shape = ResultShapes.Of(value);

            // Two threads may both compile it; it is the same program.
            var program = Volatile.Read(ref programs[shape]);
            if (program is null)
            {
                program = ConditionProgram.Compile(Source, syntax, GoValues.TypeOf(value));
                Volatile.Write(ref programs[shape], program);
            }

            return program.Evaluate(value, now);
        }
        catch (EvaluationFailure e)
        {
            throw new ConditionException(SourcePosition.Problem(Source, 0, e.Message));
        }
        catch (InsufficientExecutionStackException)
        {
            throw new ConditionException(new ConditionProblem(ConditionParser.TooDeep, 1, 1));
        }
    }
}
