using Rollouts.Machine;
using Rollouts.Workloads;

namespace Rollouts.Tests.Machine.Workloads;

/// <summary>Deployments as a cluster has them: told at once, their pods up after a while unless they are broken.</summary>
internal sealed class PodWorld(Func<DateTimeOffset> now)
{
    private readonly List<WorkloadPlan> plans = [];
    private (DateTimeOffset Since, long Revision) fence;

    /// <summary>How long pods take to become available. Default 5 s.</summary>
    public TimeSpan StartsIn { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Revisions whose pods never become available.</summary>
    public HashSet<string> Broken { get; } = [];

    public FakeDeployment? Stable { get; set; } = new("v1", 4);

    public FakeDeployment? Canary { get; private set; }

    public WorkloadRole? CanaryService { get; private set; } = WorkloadRole.Stable;

    public Dictionary<string, FakeDeployment> Experiments { get; } = [];

    public List<string> Former { get; } = [];

    public bool Autoscaled { get; set; }

    /// <summary>What an autoscaler makes of the stable pods at each look; null leaves them alone.</summary>
    public Func<int>? Autoscaler { get; set; }

    public int? ReferenceReplicas { get; private set; }

    /// <summary>Every plan that changed anything, in order.</summary>
    public IReadOnlyList<WorkloadPlan> Plans => plans;

    public Observation Perform(ShapeWorkload effect)
    {
        if ((effect.Since, effect.Revision).CompareTo(fence) < 0)
        {
            return new EffectFailed(effect, FailureKind.Superseded, "a later plan is on record");
        }

        fence = (effect.Since, effect.Revision);
        if (plans.Count == 0 || !plans[^1].Equals(effect.Plan))
        {
            plans.Add(effect.Plan);
        }

        Apply(effect.Plan, effect.Workload);
        if (Stable is not null && Autoscaler?.Invoke() is { } replicas && replicas != Stable.Replicas)
        {
            Stable = Scaled(Stable, replicas);
        }

        return new WorkloadShaped(State(), effect.Revision);
    }

    public WorkloadState State() => new()
    {
        Stable = Seen(Stable),
        Canary = Seen(Canary),
        Experiments = Experiments.ToDictionary(e => e.Key, e => Seen(e.Value)!),
        Autoscaled = Autoscaled,
        CanaryService = CanaryService,
        Former = [.. Former.Where(f => f != Stable?.Revision)],
    };

    private void Apply(WorkloadPlan plan, WorkloadSpec workload)
    {
        string? target = plan.Stable.Content switch
        {
            StableContent.Release => workload.Revision,
            StableContent.Former => plan.Stable.Revision,
            _ => Stable?.Revision,
        };
        if (target is not null)
        {
            if (Stable is null || Stable.Revision != target)
            {
                if (Stable is not null)
                {
                    Former.Insert(0, Stable.Revision);
                }

                Stable = new FakeDeployment(target, Stable?.Replicas ?? workload.Replicas ?? 1)
                {
                    ChangedAt = now(),
                    Replaces = Stable is not null,
                    Carried = (Stable?.Replicas ?? 0) * 3 / 4,
                };
            }

            if (plan.Stable.Replicas is { } replicas && !Autoscaled && replicas != Stable.Replicas)
            {
                Stable = Scaled(Stable, replicas);
            }

            if (plan.Stable.RestartedAt is { } at && !(Stable.RestartedAt >= at))
            {
                Stable = Stable with { RestartedAt = at, ChangedAt = now(), Replaces = true, Carried = Stable.Replicas * 3 / 4 };
            }
        }

        if (plan.OnlyStable)
        {
            return;
        }

        ReferenceReplicas = plan.ReferenceReplicas ?? ReferenceReplicas;
        CanaryService = plan.CanaryService;
        if (plan.Canary is null)
        {
            Canary = null;
        }
        else if (Canary is null || Canary.Revision != workload.Revision)
        {
            Canary = new FakeDeployment(workload.Revision!, plan.Canary.Replicas) { ChangedAt = now() };
        }
        else if (Canary.Replicas != plan.Canary.Replicas)
        {
            Canary = Scaled(Canary, plan.Canary.Replicas);
        }

        foreach (string gone in Experiments.Keys.Except(plan.Experiments.Select(e => e.Name)).ToList())
        {
            Experiments.Remove(gone);
        }

        foreach (ExperimentPlan side in plan.Experiments)
        {
            string revision = side.From == WorkloadRole.Canary ? workload.Revision! : Stable?.Revision ?? "";
            Experiments.TryAdd(side.Name, new FakeDeployment(revision, side.Replicas) { ChangedAt = now() });
        }
    }

    private FakeDeployment Scaled(FakeDeployment deployment, int replicas)
    {
        int available = Seen(deployment)!.Available;
        return deployment with
        {
            Replicas = replicas,
            Carried = Math.Min(available, replicas),
            ChangedAt = replicas <= available ? deployment.ChangedAt : now(),
        };
    }

    private PodCounts? Seen(FakeDeployment? deployment)
    {
        if (deployment is null)
        {
            return null;
        }

        bool up = !Broken.Contains(deployment.Revision) && now() >= deployment.ChangedAt + StartsIn;
        int available = up ? deployment.Replicas : deployment.Replaces || !Broken.Contains(deployment.Revision) ? deployment.Carried : 0;
        return new PodCounts
        {
            Revision = deployment.Revision,
            Desired = deployment.Replicas,
            Pods = deployment.Replicas,
            Updated = up ? deployment.Replicas : 0,
            Ready = available,
            Available = available,
            Observed = true,
            RestartedAt = deployment.RestartedAt,
            Problem = up ? null : "ImagePullBackOff: no such image",
        };
    }
}

/// <summary>A Deployment: what it holds, and since when.</summary>
internal sealed record FakeDeployment(string Revision, int Replicas)
{
    public DateTimeOffset ChangedAt { get; init; }

    /// <summary>Whether pods of a former template answer until the new ones do.</summary>
    public bool Replaces { get; init; }

    /// <summary>How many pods are available until all are.</summary>
    public int Carried { get; init; }

    public DateTimeOffset? RestartedAt { get; init; }
}
