using Rollouts.Steps;

namespace Rollouts.Policy;

/// <summary>
/// Bake time: the canary has all traffic, the stable version is still there, and a failing analysis goes back to it. Background analysis goes on meanwhile.
/// </summary>
public sealed record BakePolicy
{
    /// <summary>Required, longer than 0.</summary>
    public TimeSpan For { get; init; }

    /// <summary>What is measured beside the background analysis. It may measure without end, and ends with the bake time. Default nothing.</summary>
    public AnalysisStep? Analysis { get; init; }
}
