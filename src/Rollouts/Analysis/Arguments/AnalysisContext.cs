using Rollouts.Policy;

namespace Rollouts.Analysis.Arguments;

/// <summary>What the arguments of an analysis may take their values from.</summary>
public sealed record AnalysisContext
{
    /// <summary>The pod-template hash of the stable version. Null: not known, which is a problem only if an argument asks for it.</summary>
    public string? StableHash { get; init; }

    /// <summary>The same of the canary.</summary>
    public string? CanaryHash { get; init; }

    /// <summary>The rollout's namespace, where secrets are. Default <c>default</c>.</summary>
    public string Namespace { get; init; } = "default";

    /// <summary>The rollout's cluster. Null, the default, is the one that serves the namespace.</summary>
    public string? Cluster { get; init; }

    /// <summary>What the release says of its metrics beyond their templates. Default nothing.</summary>
    public RolloutPolicy Policy { get; init; } = RolloutPolicy.Default;

    /// <summary>Fields of the Rollout manifest, by path. Default none.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; init; } = new Dictionary<string, string>();
}
