using System.Runtime.CompilerServices;
using Rollouts.Analysis.Expressions.Functions;
using Rollouts.Analysis.Expressions.Typing;
using Rollouts.Analysis.Expressions.Values;

namespace Rollouts.Analysis.Expressions.Evaluation;

/// <summary>One evaluation of a condition: what it is evaluated on, how far it has come, and what it has cost.</summary>
internal sealed class Run(object? result, DateTimeOffset now, int variables) : IRun
{
    // expr-lang's own budget, in elements of arrays and maps and bytes of repeated text.
    private const long MostMemory = 1_000_000;

    // A step is some 50 ns, three times that in a build without optimization: the whole is less than a tenth of a second.
    private const long MostSteps = 300_000;
    private const long MostText = 4_000_000;

    // What is done to a text as a whole takes many characters in a step.
    private const int CharactersInAStep = 16;

    private long memory;
    private long steps;
    private long text;
    private GoMap? environment;

    public object? Result { get; } = result;

    public DateTimeOffset Now { get; } = now;

    public object?[] Variables { get; } = variables == 0 ? [] : new object?[variables];

    /// <summary>What expr-lang would have left on its stack.</summary>
    public Leftovers Leftovers { get; } = new();

    /// <summary>The innermost loop.</summary>
    public Loop? Loop { get; set; }

    /// <summary>Where in the condition the evaluation is.</summary>
    public int At { get; set; }

    /// <summary>The environment as a value.</summary>
    public GoMap Environment => environment ??= EnvironmentFunctions.AsMap(Result);

    public void Step(long count = 1)
    {
        if ((steps += count) > MostSteps)
        {
            throw new EvaluationFailure($"the evaluation takes more than {MostSteps} steps: have the query return less, or go through less of it");
        }
    }

    public void Grow(long count)
    {
        if ((memory += count) >= MostMemory)
        {
            throw new EvaluationFailure("memory budget exceeded");
        }
    }

    public string Made(string made)
    {
        if ((text += made.Length) > MostText)
        {
            throw new EvaluationFailure("memory budget exceeded");
        }

        Step(made.Length / CharactersInAStep);
        return made;
    }

    public void Weigh(object? value)
    {
        switch (value)
        {
            case string text:
                Step(text.Length / CharactersInAStep);
                break;
            case GoSlice { Type.Kind: GoKind.Array } pair:
                RuntimeHelpers.EnsureSufficientExecutionStack();
                Step(pair.Count);
                foreach (var item in pair.Items)
                {
                    Weigh(item);
                }

                break;
        }
    }
}
