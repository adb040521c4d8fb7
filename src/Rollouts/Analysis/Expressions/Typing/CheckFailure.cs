namespace Rollouts.Analysis.Expressions.Typing;

/// <summary>A condition whose types do not fit together.</summary>
internal sealed class CheckFailure(int at, string message) : Exception(message)
{
    /// <summary>Where, as an index into the condition.</summary>
    public int At { get; } = at;
}
