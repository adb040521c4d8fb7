using System.Text.Json.Serialization;

namespace Rollouts.Workloads;

/// <summary>How the machine sizes a release's versions and how long it keeps them. Of no interest to a cluster.</summary>
public sealed record ScalingRules
{
    /// <summary>
    /// <c>minPodsPerReplicaSet</c>: a version that has any pods has at least so many. Null (the default) is no such floor.
    /// </summary>
    public int? MinPodsPerReplicaSet { get; init; }

    /// <summary><c>dynamicStableScale</c>: the stable version shrinks as the canary grows. Not with an autoscaler. Default false.</summary>
    public bool DynamicStableScale { get; init; }

    /// <summary><c>scaleDownDelaySeconds</c>: how long the canary's pods stay after promotion, when they have no traffic any more. Default 30 s.</summary>
    public TimeSpan ScaleDownDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary><c>abortScaleDownDelaySeconds</c>: how long they stay after an abort; zero keeps them until the next release. Default 30 s.</summary>
    public TimeSpan AbortScaleDownDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// <c>rollbackWindow.revisions</c>: going back to a version with fewer than so many between it and the stable one takes no steps. Default 0, never.
    /// </summary>
    public int RollbackWindow { get; init; }

    /// <summary><c>replicaProgressThreshold</c>: how many of the canary's pods suffice to go on. Null (the default) is all of them.</summary>
    public ReplicaThreshold? ProgressThreshold { get; init; }

    /// <summary><c>progressDeadlineAbort</c>: roll back when the progress deadline has passed, instead of saying so and waiting. Default false.</summary>
    public bool AbortOnProgressDeadline { get; init; }
}

/// <summary>A part of a version's pods.</summary>
/// <param name="Kind">What the value counts.</param>
/// <param name="Value">Pods, or per cent of those wanted, rounded up.</param>
public sealed record ReplicaThreshold(ReplicaThresholdKind Kind, int Value)
{
    /// <summary>How many of the wanted pods suffice; never more than are wanted.</summary>
    public int Of(int wanted) =>
        Math.Min(wanted, Kind == ReplicaThresholdKind.Pods ? Value : (int)Math.Ceiling(wanted * Value / 100m));
}

/// <summary>What a threshold counts.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReplicaThresholdKind>))]
public enum ReplicaThresholdKind
{
    /// <summary>Per cent of the wanted pods.</summary>
    Percent,

    /// <summary>Pods.</summary>
    Pods,
}
