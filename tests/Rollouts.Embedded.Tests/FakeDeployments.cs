using Rollouts.Traffic;
using Rollouts.Workloads;

namespace Rollouts.Embedded.Tests;

/// <summary>One workload whose pods are up at once, fenced as the real one is, and what it was told.</summary>
internal sealed class FakeDeployments : IWorkloadController
{
    private readonly Lock gate = new();
    private readonly List<(string Owner, WorkloadPlan Plan)> applied = [];
    private (DateTimeOffset Since, long Revision) fence;
    private PodCounts? canary;
    private WorkloadRole? canaryService;

    /// <summary>The stable version; null before the first.</summary>
    public PodCounts? Stable { get; set; } = Up("v1", 3);

    public List<string> Former { get; } = [];

    public IReadOnlyList<(string Owner, WorkloadPlan Plan)> Applied
    {
        get
        {
            lock (gate)
            {
                return [.. applied];
            }
        }
    }

    public bool HasCanary => canary is not null;

    public Task<WorkloadSpec> ResolveAsync(TrafficTarget target, WorkloadSpec workload, CancellationToken cancellationToken) =>
        Task.FromResult(workload.Revision is null ? workload with { Revision = PodTemplateHash.Of(workload.Template!, new Dictionary<string, string>()) } : workload);

    public Task<WorkloadSpec> FindFormerAsync(TrafficTarget target, WorkloadSpec workload, string? revision, CancellationToken cancellationToken) =>
        (revision ?? Former.FirstOrDefault()) is { } found && Former.Contains(found)
            ? Task.FromResult(workload with { Revision = found, Template = $"{{\"of\":\"{found}\"}}" })
            : throw new PortException(FailureKind.NotFound, $"there is no version {revision}; there are {string.Join(", ", Former)}");

    public Task<IReadOnlyList<FormerVersion>> ListFormerAsync(TrafficTarget target, WorkloadSpec workload, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            return Task.FromResult<IReadOnlyList<FormerVersion>>(
                [.. State().Former.Select((f, i) => new FormerVersion(f, [$"registry.example.com/app:{f}"], DateTimeOffset.UnixEpoch.AddYears(56).AddDays(-i)))]);
        }
    }

    public Task<WorkloadState> ReadAsync(TrafficTarget target, WorkloadSpec workload, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            return Task.FromResult(State());
        }
    }

    public Task<WorkloadState> ApplyAsync(
        TrafficTarget target, WorkloadSpec workload, WorkloadPlan plan, WorkloadFence fence, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if ((fence.Since, fence.Revision).CompareTo(this.fence) < 0)
            {
                throw new PortException(FailureKind.Superseded, "a later plan is on record");
            }

            this.fence = (fence.Since, fence.Revision);
            applied.Add((fence.Owner, plan));
            if (plan.Stable.Content == StableContent.Release)
            {
                if (Stable is not null && Stable.Revision != workload.Revision)
                {
                    Former.Insert(0, Stable.Revision!);
                }

                Stable = Up(workload.Revision!, plan.Stable.Replicas ?? Stable?.Desired ?? 1);
            }

            Stable = Stable is null ? null : Stable with { RestartedAt = plan.Stable.RestartedAt ?? Stable.RestartedAt };
            if (!plan.OnlyStable)
            {
                canary = plan.Canary is null ? null : Up(workload.Revision!, plan.Canary.Replicas);
                canaryService = plan.CanaryService;
            }

            return Task.FromResult(State());
        }
    }

    private WorkloadState State() => new() { Stable = Stable, Canary = canary, CanaryService = canaryService, Former = [.. Former.Where(f => f != Stable?.Revision)] };

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
