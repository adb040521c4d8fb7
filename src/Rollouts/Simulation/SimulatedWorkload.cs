using Rollouts.Workloads;

namespace Rollouts.Simulation;

/// <summary>Deployments whose pods are there at once. There is a stable version of another revision, with as many pods as the release asks for.</summary>
internal sealed class SimulatedWorkload
{
    private const string Before = "stable";

    private PodCounts? stable = Up(Before, 1);
    private bool begun;
    private WorkloadState state = new() { Stable = Up(Before, 1), CanaryService = WorkloadRole.Stable };

    /// <summary>The workload as a cluster would complete it: a template that a Deployment holds has no content here but the Deployment's name.</summary>
    public static WorkloadSpec? Complete(WorkloadSpec? workload) => workload is null || workload.Revision is not null
        ? workload
        : workload with { Revision = PodTemplateHash.Of(workload.Template ?? workload.Reference!.Name, new Dictionary<string, string>()) };

    public WorkloadState Read(WorkloadSpec workload)
    {
        if (!begun)
        {
            begun = true;
            stable = Up(Before, workload.Replicas ?? 1);
            state = state with { Stable = stable };
        }

        return state;
    }

    public WorkloadState Apply(WorkloadSpec workload, WorkloadPlan plan)
    {
        string? revision = plan.Stable.Content switch
        {
            StableContent.Release => workload.Revision,
            StableContent.Former => plan.Stable.Revision,
            _ => stable?.Revision,
        };
        stable = revision is null ? null : Up(revision, plan.Stable.Replicas ?? stable?.Desired ?? workload.Replicas ?? 1) with { RestartedAt = plan.Stable.RestartedAt };
        state = plan.OnlyStable
            ? state with { Stable = stable }
            : new WorkloadState
            {
                Stable = stable,
                Canary = plan.Canary is { } canary ? Up(workload.Revision!, canary.Replicas) : null,
                CanaryService = plan.CanaryService,
                Experiments = plan.Experiments.ToDictionary(
                    e => e.Name, e => Up((e.From == WorkloadRole.Canary ? workload.Revision : stable?.Revision) ?? Before, e.Replicas)),
            };
        return state;
    }

    private static PodCounts Up(string revision, int replicas) => new()
    {
        Revision = revision,
        Desired = replicas,
        Pods = replicas,
        Updated = replicas,
        Ready = replicas,
        Available = replicas,
        Observed = true,
    };
}
