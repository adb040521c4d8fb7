using Rollouts.Workloads;

namespace Rollouts.Simulation;

/// <summary>The Deployments of a simulated cluster: they follow a plan at once, their pods take their time.</summary>
/// <param name="behavior">How long that is, and what fails.</param>
/// <param name="workload">What the release runs.</param>
/// <param name="start">When the simulation began.</param>
internal sealed class SimulatedDeployments(ClusterBehavior behavior, WorkloadSpec workload, DateTimeOffset start)
{
    private const string StableRevision = "stable";

    private readonly SortedDictionary<string, SimulatedPods> experiments = new(StringComparer.Ordinal);
    private SimulatedPods? stable = behavior.FirstDeployment
        ? null
        : new SimulatedPods(behavior.VersionsAgo == 0 ? RevisionOf(workload) : StableRevision, workload.Replicas ?? behavior.StableReplicas, start, start);

    private readonly List<string> former = behavior.VersionsAgo is { } ago and > 0
        ? [.. Enumerable.Range(1, ago - 1).Select(i => $"{StableRevision}-{i}"), RevisionOf(workload)]
        : [];

    private SimulatedPods? canary;
    private WorkloadRole canaryService;

    public WorkloadState State(DateTimeOffset now) => new()
    {
        Stable = stable?.Counts(now),
        Canary = canary?.Counts(now),
        Experiments = experiments.ToDictionary(e => e.Key, e => e.Value.Counts(now)),
        CanaryService = canaryService == WorkloadRole.Stable && stable is null ? null : canaryService,
        Former = [.. former.Where(f => f != stable?.Revision)],
    };

    public WorkloadState Apply(WorkloadPlan plan, DateTimeOffset now)
    {
        DateTimeOffset up = Available(now);
        ApplyStable(plan.Stable, now, up);
        if (plan.OnlyStable)
            return State(now);
        canary = plan.Canary is { } planned ? canary ?? new SimulatedPods(Revision, 0, now, up) : null;
        canary?.Scale(plan.Canary!.Replicas, up);
        foreach (string ended in experiments.Keys.Except(plan.Experiments.Select(e => e.Name)).ToArray())
            experiments.Remove(ended);
        foreach (ExperimentPlan side in plan.Experiments)
        {
            experiments.TryAdd(side.Name, new SimulatedPods(side.From == WorkloadRole.Canary ? Revision : StableRevision, 0, now, up));
            experiments[side.Name].Scale(side.Replicas, up);
        }

        canaryService = plan.CanaryService;
        return State(now);
    }

    private void ApplyStable(StablePlan plan, DateTimeOffset now, DateTimeOffset up)
    {
        string? wanted = plan.Content switch
        {
            StableContent.Release => Revision,
            StableContent.Former => plan.Revision,
            _ => stable?.Revision,
        };
        if (wanted is null)
            return;
        stable ??= new SimulatedPods(wanted, plan.Replicas ?? workload.Replicas ?? behavior.StableReplicas, now, up);
        if (stable.Revision != wanted)
        {
            former.Remove(stable.Revision);
            former.Insert(0, stable.Revision);
            stable.Hold(wanted, now, up);
        }

        stable.Scale(plan.Replicas, up);
        stable.Restart(plan.RestartedAt, now, up);
    }

    private string Revision => RevisionOf(workload);

    private static string RevisionOf(WorkloadSpec workload) => workload.Revision ?? "canary";

    // A pod that begins while pods fail becomes available when they do not any more.
    private DateTimeOffset Available(DateTimeOffset now)
    {
        DateTimeOffset up = now + TimeSpan.FromSeconds(behavior.PodStartupSeconds);
        foreach (SimulatedFault fault in behavior.Faults.Where(f => f.What == FaultyPart.Pods).OrderBy(f => f.At))
        {
            if (up >= start + TimeSpan.FromSeconds(fault.At) && fault.IsAt(now - start) | fault.IsAt(up - start))
                up = fault.For is { } seconds ? start + TimeSpan.FromSeconds(fault.At + seconds + behavior.PodStartupSeconds) : DateTimeOffset.MaxValue;
        }

        return up;
    }
}

/// <summary>The pods of one Deployment.</summary>
internal sealed class SimulatedPods
{
    private readonly List<DateTimeOffset> availableAt = [];
    private DateTimeOffset? restartedAt;
    private int former;
    private DateTimeOffset formerUntil;

    public SimulatedPods(string revision, int replicas, DateTimeOffset now, DateTimeOffset up)
    {
        Revision = revision;
        formerUntil = now;
        Scale(replicas, up);
    }

    public string Revision { get; private set; }

    /// <summary>A number of pods; null leaves it.</summary>
    public void Scale(int? replicas, DateTimeOffset up)
    {
        if (replicas is not { } wanted)
            return;
        while (availableAt.Count < wanted)
            availableAt.Add(up);
        availableAt.RemoveRange(wanted, availableAt.Count - wanted);
    }

    /// <summary>Another revision; pods of the former one serve until those of this one are available, as in a rolling update.</summary>
    public void Hold(string wanted, DateTimeOffset now, DateTimeOffset up)
    {
        Revision = wanted;
        Replace(now, up);
    }

    public void Restart(DateTimeOffset? at, DateTimeOffset now, DateTimeOffset up)
    {
        if (at is null || at <= restartedAt)
            return;
        restartedAt = at;
        Replace(now, up);
    }

    public PodCounts Counts(DateTimeOffset now)
    {
        int available = availableAt.Count(a => a <= now);
        int old = now < formerUntil ? former : 0;
        return new PodCounts
        {
            Revision = Revision,
            Desired = availableAt.Count,
            Pods = availableAt.Count + old,
            Updated = availableAt.Count,
            Ready = available + old,
            Available = Math.Min(available + old, Math.Max(availableAt.Count, old)),
            Observed = true,
            RestartedAt = restartedAt,
            Problem = available < availableAt.Count ? $"{availableAt.Count - available} pods are starting" : null,
        };
    }

    private void Replace(DateTimeOffset now, DateTimeOffset up)
    {
        former = availableAt.Count(a => a <= now);
        formerUntil = up;
        for (int i = 0; i < availableAt.Count; i++)
            availableAt[i] = up;
    }
}
