using System.Collections.Immutable;
using Rollouts.Analysis.Expressions.Typing;
using Rollouts.Analysis.Expressions.Values;

namespace Rollouts.Analysis.Expressions.Functions;

/// <summary>What a function may use of an evaluation besides its arguments.</summary>
internal interface IRun : IMeter
{
    /// <summary>The time that now() gives.</summary>
    DateTimeOffset Now { get; }
}

/// <summary>One of the language's own functions.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Body">What it does; the arguments have been checked as far as their types were known.</param>
internal sealed record Builtin(string Name, Func<object?[], IRun, object?> Body)
{
    /// <summary>What it can be called with; empty when <see cref="Check"/> decides that.</summary>
    public ImmutableArray<GoSignature> Overloads { get; init; } = [];

    /// <summary>
    /// Decides by the types of the arguments what the call gives, or throws an <see cref="EvaluationFailure"/>. An argument of
    /// which nothing is known has the type any, nil has none.
    /// </summary>
    public Func<GoType?[], GoType>? Check { get; init; }
}
