using System.Text.Json.Serialization;
using Rollouts.Steps;
using Rollouts.Traffic;
using Rollouts.Workloads;

namespace Rollouts.Machine;

/// <summary>How far a release's pods are. A rollout has one when its release has a <see cref="WorkloadSpec"/>.</summary>
public sealed record WorkloadProgress
{
    /// <summary>What the cluster is to hold.</summary>
    public WorkloadPlan Plan { get; init; } = new();

    /// <summary>Grows with every change of <see cref="Plan"/>, over all attempts. 0: nothing has been planned yet.</summary>
    public long Revision { get; init; }

    /// <summary>The revision that <see cref="State"/> answers.</summary>
    public long AppliedRevision { get; init; }

    /// <summary>What was last seen; null before the first look of an attempt.</summary>
    public WorkloadState? State { get; init; }

    /// <summary>When it was seen.</summary>
    public DateTimeOffset SeenAt { get; init; }

    /// <summary>
    /// How many pods all users need: what <c>spec.replicas</c> or the autoscaler says. Beside an autoscaler it only grows while the canary has traffic: what
    /// is measured then is the load of the stable pods alone.
    /// </summary>
    public int Total { get; init; }

    /// <summary>Which way the rollout goes.</summary>
    public RolloutCourse Course { get; init; }

    /// <summary>The traffic that the steps ask for. What is written (<see cref="Rollout.Desired"/>) follows it as far as there are pods for it.</summary>
    public TrafficSplit Asked { get; init; } = TrafficSplit.None;

    /// <summary>The last <c>setCanaryScale</c>; null sizes the canary by its weight.</summary>
    public SetCanaryScaleStep? Scale { get; init; }

    /// <summary>Since when all pods of the experiment under way have been available; null before.</summary>
    public DateTimeOffset? ExperimentUpAt { get; init; }

    /// <summary>How far the promotion is.</summary>
    public PromotionPhase Promotion { get; init; }

    /// <summary>
    /// An abort came while the stable Deployment was being updated: it is put back to its former version first, and the canary keeps its traffic until that
    /// is ready.
    /// </summary>
    public bool PuttingBack { get; init; }

    /// <summary>Since when pods have brought nothing new; the progress deadline counts from here.</summary>
    public DateTimeOffset ProgressedAt { get; init; }

    /// <summary>Whether the progress deadline has passed and the rollout waits on.</summary>
    public bool DeadlineExceeded { get; init; }

    /// <summary>When the stable pods were last told to restart; null for never.</summary>
    public DateTimeOffset? RestartedAt { get; init; }

    /// <summary>Whether the finished rollout was opened again to restart the stable pods.</summary>
    public bool Restarting { get; init; }

    /// <summary>When the canary's pods are taken away; null keeps them.</summary>
    public DateTimeOffset? RetireAt { get; init; }
}

/// <summary>Which way a rollout goes from the stable version to the release.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RolloutCourse>))]
public enum RolloutCourse
{
    /// <summary>Through its steps.</summary>
    Steps,

    /// <summary>There is no stable version yet.</summary>
    First,

    /// <summary>The release is the stable version: nothing is to be tried.</summary>
    Unchanged,

    /// <summary>Back to a version within the rollback window, without steps.</summary>
    FastRollback,
}

/// <summary>How far the promotion of a release's own workload is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PromotionPhase>))]
public enum PromotionPhase
{
    /// <summary>The canary gets pods for all users.</summary>
    ScalingCanary,

    /// <summary>All traffic goes to the canary.</summary>
    Shifting,

    /// <summary>The stable Deployment is updated while the canary carries all traffic.</summary>
    UpdatingStable,

    /// <summary>Traffic goes back to the stable version, which is the release now.</summary>
    Returning,
}
