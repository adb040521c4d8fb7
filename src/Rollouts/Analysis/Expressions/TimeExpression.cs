using System.Diagnostics.CodeAnalysis;
using Rollouts.Analysis.Expressions.Evaluation;
using Rollouts.Analysis.Expressions.Syntax;
using Rollouts.Analysis.Expressions.Times;
using Rollouts.Analysis.Expressions.Values;

namespace Rollouts.Analysis.Expressions;

/// <summary>An expression that gives a time, for instance <c>now() - duration("1h")</c>: the ends of a range query (Argo's <c>EvalTime</c>).</summary>
public sealed class TimeExpression
{
    private readonly ConditionProgram program;

    private TimeExpression(ConditionProgram program) => this.program = program;

    /// <summary>Parses an expression, or says what is wrong with it.</summary>
    public static bool TryParse(
        string source, [NotNullWhen(true)] out TimeExpression? expression, [NotNullWhen(false)] out ConditionProblem? problem)
    {
        ArgumentNullException.ThrowIfNull(source);
        expression = null;
        if (!ConditionParser.TryParse(source, out Node? syntax, out problem))
        {
            return false;
        }

        try
        {
            ConditionProgram program = ConditionProgram.Compile(source, syntax, null);
            problem = program.Problem;
            expression = problem is null ? new TimeExpression(program) : null;
            return problem is null;
        }
        catch (InsufficientExecutionStackException)
        {
            problem = new ConditionProblem(ConditionParser.TooDeep, 1, 1);
            return false;
        }
    }

    /// <summary>The time that the expression gives.</summary>
    /// <param name="now">What <c>now()</c> gives.</param>
    /// <exception cref="ConditionException">It fails, or gives something else.</exception>
    public DateTimeOffset Evaluate(DateTimeOffset now) => program.Run(null, now) switch
    {
        GoTime { UnixSeconds: >= -62_135_596_800 and <= 253_402_300_799 } time =>
            DateTimeOffset.FromUnixTimeSeconds(time.UnixSeconds).AddTicks(time.Nanoseconds / 100),
        GoTime => throw new ConditionException(new ConditionProblem("the time is not between the years 1 and 9999", 1, 1)),
        var other => throw new ConditionException(new ConditionProblem($"expected time.Time, but got {GoValues.NameOfType(other)}", 1, 1)),
    };
}
