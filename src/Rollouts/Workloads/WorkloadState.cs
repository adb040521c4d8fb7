using System.Text.Json.Serialization;

namespace Rollouts.Workloads;

/// <summary>What was seen of a workload.</summary>
public sealed record WorkloadState
{
    /// <summary>Null: there is no stable Deployment, so this is the first version ever.</summary>
    public PodCounts? Stable { get; init; }

    /// <summary>Null: there is no canary Deployment.</summary>
    public PodCounts? Canary { get; init; }

    /// <summary>The sides of experiments, by name. Default none.</summary>
    public IReadOnlyDictionary<string, PodCounts> Experiments { get; init; } = new Dictionary<string, PodCounts>();

    /// <summary>Whether something else (an HPA, a KEDA ScaledObject) decides how many pods the stable Deployment has.</summary>
    public bool Autoscaled { get; init; }

    /// <summary>Whose pods the canary Service selects; null when neither's.</summary>
    public WorkloadRole? CanaryService { get; init; }

    /// <summary>
    /// Revisions that were stable before the one of now and whose template is still there, the latest first, each once, without the one of now; at most
    /// ten. Default none.
    /// </summary>
    public IReadOnlyList<string> Former { get; init; } = [];
}

/// <summary>A Deployment's pods, as its status counts them.</summary>
public sealed record PodCounts
{
    /// <summary>
    /// The revision that the Deployment's template is labelled with (<c>rollouts-pod-template-hash</c>). Of a Deployment that no rollout has written yet, the
    /// <c>pod-template-hash</c> of its current ReplicaSet; null when it has none.
    /// </summary>
    public string? Revision { get; init; }

    /// <summary><c>spec.replicas</c>.</summary>
    public int Desired { get; init; }

    /// <summary><c>status.replicas</c>: all pods, those of former templates among them.</summary>
    public int Pods { get; init; }

    /// <summary><c>status.updatedReplicas</c>: pods of the current template.</summary>
    public int Updated { get; init; }

    /// <summary><c>status.readyReplicas</c>.</summary>
    public int Ready { get; init; }

    /// <summary><c>status.availableReplicas</c>: ready for <c>minReadySeconds</c>.</summary>
    public int Available { get; init; }

    /// <summary>Whether the counts are those of the Deployment as it now is (<c>observedGeneration</c> has caught up).</summary>
    public bool Observed { get; init; }

    /// <summary>The last <see cref="StablePlan.RestartedAt"/> that the template carries; null when none.</summary>
    public DateTimeOffset? RestartedAt { get; init; }

    /// <summary>Why pods do not come up, as far as the cluster says (<c>ImagePullBackOff: …</c>, a quota); null when nothing is known. Carries no secret.</summary>
    public string? Problem { get; init; }

    /// <summary>As <c>kubectl rollout status</c>: every pod is of the current template and available, and none of a former one is left.</summary>
    [JsonIgnore]
    public bool IsComplete => Observed && Updated >= Desired && Pods == Updated && Available >= Desired;
}
