using Rollouts.Traffic;
using Rollouts.Workloads;

namespace Rollouts.Benchmarks.Embedded;

/// <summary>A cluster that takes everything at once.</summary>
internal sealed class StillCluster : ITrafficRouter, IWorkloadReader
{
    public Task<ClaimedTarget> ClaimAsync(TrafficTarget target, string owner, TimeSpan silence, CancellationToken cancellationToken) =>
        Task.FromResult(new ClaimedTarget(TrafficSplit.None));

    public Task<TargetHolder?> FindHolderAsync(TrafficTarget target, CancellationToken cancellationToken) => Task.FromResult<TargetHolder?>(null);

    public Task<TrafficSplit> ApplyAsync(
        TrafficTarget target, TrafficSplit split, string owner, long revision, CancellationToken cancellationToken) => Task.FromResult(split);

    public Task<TrafficSplit> RenewAsync(TrafficTarget target, TrafficSplit written, string owner, CancellationToken cancellationToken) =>
        Task.FromResult(written);

    public Task ReleaseAsync(TrafficTarget target, string owner, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<WorkloadRevisions> ReadAsync(TrafficTarget target, CancellationToken cancellationToken) =>
        Task.FromResult(new WorkloadRevisions("6d4b75cb6d", "7c9f8d5b4f"));
}
