using System.Text.Json.Serialization;

namespace Rollouts.Workloads;

/// <summary>What is to be there of a workload. Absolute and idempotent: applying the same plan twice changes nothing.</summary>
public sealed record WorkloadPlan
{
    /// <summary>The Deployment that users are served by. Default: as it is.</summary>
    public StablePlan Stable { get; init; } = StablePlan.AsItIs;

    /// <summary>The canary's Deployment. Null: there is none; what is left of one is deleted.</summary>
    public CanaryPlan? Canary { get; init; }

    /// <summary>The sides of the experiment under way. A Deployment of an experiment that is not listed is deleted. Default none.</summary>
    public IReadOnlyList<ExperimentPlan> Experiments { get; init; } = [];

    /// <summary>
    /// Which pods the canary Service selects. <see cref="WorkloadRole.Canary"/> is written once the canary's Deployment stands;
    /// <see cref="WorkloadRole.Stable"/> is written before the canary's Deployment is deleted, so that the Service never selects pods that are being taken
    /// away. Where there is no stable Deployment, <see cref="WorkloadRole.Stable"/> leaves the selector as it is. Default stable.
    /// </summary>
    public WorkloadRole CanaryService { get; init; }

    /// <summary>How many pods the referenced Deployment (<see cref="WorkloadSpec.Reference"/>) is to have. Null (the default) leaves it alone.</summary>
    public int? ReferenceReplicas { get; init; }

    /// <summary>
    /// True: nothing but the stable Deployment is looked at and written; the canary, experiments and Services stay as they are. For the restart of pods after a
    /// rollout has ended. Default false.
    /// </summary>
    public bool OnlyStable { get; init; }

    /// <inheritdoc/>
    public bool Equals(WorkloadPlan? other) =>
        other is not null
        && OnlyStable == other.OnlyStable
        && Stable == other.Stable
        && Canary == other.Canary
        && CanaryService == other.CanaryService
        && ReferenceReplicas == other.ReferenceReplicas
        && Experiments.SequenceEqual(other.Experiments);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Stable, Canary, CanaryService, ReferenceReplicas, Experiments.Count);

    /// <inheritdoc/>
    public override string ToString() =>
        string.Join(", ", [$"stable {Stable}", Canary is null ? "no canary" : $"canary {Canary}", .. Experiments.Select(e => $"experiment {e}")]);
}

/// <summary>The stable Deployment. It selects its pods by the release's selector and a label of its own role, and the stable Service selects its pods.</summary>
/// <remarks>
/// A Deployment that is there already, made by somebody else under the rollout's name, is taken over where its selector allows that the canary's pods are not
/// among those it selects; it is <see cref="FailureKind.Invalid"/> otherwise. The stable Service is pointed at it once it has an available pod, and left as
/// it is before.
/// </remarks>
/// <param name="Content">Which version.</param>
/// <param name="Replicas">
/// How many pods. Null leaves the number alone, and so does an autoscaler that targets the Deployment, whatever is given here; a Deployment that has to be
/// made gets <see cref="WorkloadSpec.Replicas"/>, or 1.
/// </param>
/// <param name="RestartedAt">
/// Written as the pod template's annotation <c>kubectl.kubernetes.io/restartedAt</c> when that is missing or earlier, which replaces the pods,
/// <c>maxUnavailable</c> at a time. Not part of the revision. Null leaves the annotation as it is.
/// </param>
public sealed record StablePlan(StableContent Content = StableContent.AsItIs, int? Replicas = null, DateTimeOffset? RestartedAt = null)
{
    /// <summary>With <see cref="StableContent.Former"/>: which version; null otherwise.</summary>
    public string? Revision { get; init; }

    /// <summary>Nothing is changed.</summary>
    public static StablePlan AsItIs { get; } = new();

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Content switch { StableContent.AsItIs => "as it is", StableContent.Release => "the release", _ => $"back to {Revision}" }}"
        + (Replicas is { } replicas ? $" x {replicas}" : "");
}

/// <summary>Which version a stable Deployment is to hold.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StableContent>))]
public enum StableContent
{
    /// <summary>The one that it holds; where there is no such Deployment, none is made.</summary>
    AsItIs,

    /// <summary>The release's; where there is no such Deployment, it is made.</summary>
    Release,

    /// <summary>
    /// The one that was stable before the release, <see cref="StablePlan.Revision"/>, after an abort while the Deployment was being updated: its template is the
    /// current one still, or that of a former ReplicaSet (<see cref="WorkloadState.Former"/>). <see cref="FailureKind.NotFound"/> where it is neither.
    /// </summary>
    Former,
}

/// <summary>The canary's Deployment: the release's template. One that holds another revision is replaced.</summary>
/// <param name="Replicas">How many pods; 0 keeps the Deployment without any.</param>
public sealed record CanaryPlan(int Replicas)
{
    /// <inheritdoc/>
    public override string ToString() => $"x {Replicas}";
}

/// <summary>A side of an experiment: pods that no Service of the rollout selects, and so get no users' requests.</summary>
/// <param name="Name">The template's name in the step, unique among those of the plan.</param>
/// <param name="From">Whose pod template.</param>
/// <param name="Replicas">How many pods.</param>
/// <param name="Metadata">Labels and annotations for the pods; null is none.</param>
public sealed record ExperimentPlan(string Name, WorkloadRole From, int Replicas, PodMetadata? Metadata = null)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({From} x {Replicas})";
}

/// <summary>The two versions of a rollout.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<WorkloadRole>))]
public enum WorkloadRole
{
    /// <summary>What users have now.</summary>
    Stable,

    /// <summary>What is tried.</summary>
    Canary,
}
