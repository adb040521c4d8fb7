using Rollouts.Policy;

namespace Rollouts.Manifests.Kinds;

/// <summary>A policy with the places that later checks speak of.</summary>
internal sealed record LocatedPolicy(RolloutPolicy Policy, Place Place)
{
    public LocatedAnalysis? Bake { get; init; }
}
