using System.Text.Json.Nodes;

namespace Rollouts.Kubernetes.Workloads;

/// <summary>A workload's objects, as read.</summary>
internal sealed record WorkloadSnapshot
{
    public required JsonObject StableService { get; init; }

    public required JsonObject CanaryService { get; init; }

    /// <summary>Null: there is none.</summary>
    public JsonObject? Stable { get; init; }

    /// <summary>Null: there is none.</summary>
    public JsonObject? Canary { get; init; }

    /// <summary>By the name of the side.</summary>
    public IReadOnlyDictionary<string, JsonObject> Experiments { get; init; } = new Dictionary<string, JsonObject>();

    /// <summary>Of the stable Deployment; null when nothing scales it.</summary>
    public Autoscaler? Autoscaler { get; init; }

    /// <summary>All that a rollout writes.</summary>
    public IEnumerable<JsonObject> All =>
        ((JsonObject?[])[CanaryService, StableService, Stable, Canary, .. Experiments.Values]).OfType<JsonObject>();
}
