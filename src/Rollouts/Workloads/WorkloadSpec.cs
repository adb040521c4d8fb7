using System.Text.Json.Serialization;

namespace Rollouts.Workloads;

/// <summary>What a release runs: the pod template and how its Deployments are to be. Everything that a cluster needs to know of it.</summary>
public sealed record WorkloadSpec
{
    /// <summary>
    /// The pod template as canonical JSON (keys in order, no white space, no nulls). Null until
    /// <see cref="IWorkloadController.ResolveAsync"/> has read it from the Deployment that <see cref="Reference"/> names.
    /// </summary>
    public string? Template { get; init; }

    /// <summary>
    /// The labels that the Deployments select (<c>spec.selector.matchLabels</c>); the template carries them. Beside them each role selects a label of its
    /// own. Null until resolved where <see cref="Reference"/> is given.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Selector { get; init; }

    /// <summary>
    /// What the version is known by in labels, status and history; see <see cref="PodTemplateHash"/>. Null until resolved: it depends on ConfigMaps and
    /// Secrets, too.
    /// </summary>
    public string? Revision { get; init; }

    /// <summary><c>spec.workloadRef</c>: the Deployment that holds the template. Null when the release holds it.</summary>
    public WorkloadReference? Reference { get; init; }

    /// <summary><c>spec.replicas</c>. Null keeps what the stable Deployment has, and is 1 where there is none yet.</summary>
    public int? Replicas { get; init; }

    /// <summary>How long a pod must be ready before it counts as available (Deployment's field). Default 0.</summary>
    public int MinReadySeconds { get; init; }

    /// <summary>How many former versions the stable Deployment keeps, which are those that an undo can go back to. Default 10.</summary>
    public int RevisionHistoryLimit { get; init; } = 10;

    /// <summary>Of the stable Deployment's rolling update at promotion: a number or a percentage. Null is Kubernetes' default, 25 %.</summary>
    public string? MaxSurge { get; init; }

    /// <summary>The same for pods that may be missing meanwhile, also at a restart. Null is Kubernetes' default, 25 %.</summary>
    public string? MaxUnavailable { get; init; }

    /// <summary>Labels and annotations of canary pods (<c>canaryMetadata</c>), not part of the revision. Null is none.</summary>
    public PodMetadata? CanaryMetadata { get; init; }

    /// <summary>Labels and annotations of stable pods (<c>stableMetadata</c>), not part of the revision. Null is none.</summary>
    public PodMetadata? StableMetadata { get; init; }
}

/// <summary>The Deployment that holds a release's pod template; its own pods are not touched except for <see cref="ScaleDown"/>.</summary>
/// <param name="Name">In the rollout's namespace; another name than the rollout's, which the stable Deployment has.</param>
/// <param name="ScaleDown">What becomes of its pods. Default never.</param>
public sealed record WorkloadReference(string Name, ReferenceScaleDown ScaleDown = ReferenceScaleDown.Never);

/// <summary>When the pods of a referenced Deployment are taken away.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReferenceScaleDown>))]
public enum ReferenceScaleDown
{
    /// <summary>Not at all.</summary>
    Never,

    /// <summary>All of them once the release is promoted.</summary>
    OnSuccess,

    /// <summary>As many as the stable Deployment has available.</summary>
    Progressively,
}

/// <summary>Labels and annotations that pods get beside those of their template.</summary>
public sealed record PodMetadata
{
    /// <summary>Default none.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Default none.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();
}
