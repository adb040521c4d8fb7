using System.Runtime.CompilerServices;
using Rollouts.Analysis.Expressions.Rewriting;
using Rollouts.Analysis.Expressions.Syntax;
using Rollouts.Analysis.Expressions.Typing;
using Rollouts.Analysis.Expressions.Values;

namespace Rollouts.Analysis.Expressions.Evaluation;

/// <summary>A condition for results of one type: ready to be evaluated, or known not to fit the type.</summary>
internal sealed class ConditionProgram
{
    private readonly string source;
    private readonly Step? condition;
    private readonly int variables;
    private readonly ConditionProblem? problem;

    private ConditionProgram(string source, Step? condition, int variables, ConditionProblem? problem)
    {
        this.source = source;
        this.condition = condition;
        this.variables = variables;
        this.problem = problem;
    }

    /// <summary>Why the condition does not fit the type; null when it does.</summary>
    public ConditionProblem? Problem => problem;

    public static ConditionProgram Compile(string source, Node syntax, GoType? result)
    {
        try
        {
            var (condition, variables) = Compiler.Compile(Rewriter.Rewrite(Checker.Check(syntax, result)));
            return new ConditionProgram(source, condition, variables, null);
        }
        catch (CheckFailure e)
        {
            return new ConditionProgram(source, null, 0, SourcePosition.Problem(source, e.At, e.Message));
        }
        catch (EvaluationFailure e)
        {
            // A pattern that has come together only by rewriting.
            return new ConditionProgram(source, null, 0, SourcePosition.Problem(source, 0, e.Message));
        }
    }

    public bool Evaluate(object? result, DateTimeOffset now) => Run(result, now) switch
    {
        bool holds => holds,
        var other => throw new ConditionException(new ConditionProblem($"expected bool, but got {GoValues.NameOfType(other)}", 1, 1)),
    };

    /// <summary>Whatever the expression gives.</summary>
    public object? Run(object? result, DateTimeOffset now)
    {
        if (condition is null)
        {
            throw new ConditionException(problem!);
        }

        var run = new Run(result, now, variables);
        try
        {
            // What this leaves is enough for as many levels as the parser allows.
            RuntimeHelpers.EnsureSufficientExecutionStack();
            return condition(run);
        }
        catch (EvaluationFailure e)
        {
            throw new ConditionException(SourcePosition.Problem(source, run.At, e.Message));
        }
        catch (InsufficientExecutionStackException)
        {
            throw new ConditionException(new ConditionProblem(ConditionParser.TooDeep, 1, 1));
        }
    }
}
