using System.Collections.Immutable;
using Rollouts.Traffic;
using Rollouts.Workloads;

namespace Rollouts.Embedded.Tests;

/// <summary>A cluster that holds splits and owners as the real routers do, and remembers every write.</summary>
internal sealed class FakeCluster : ITrafficRouter, IWorkloadReader
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, (string Owner, long Revision, TrafficSplit Split)> targets = [];
    private readonly Dictionary<string, string> takenFrom = [];
    private ImmutableList<(string Owner, long Revision, TrafficSplit Split)> written = [];

    /// <summary>Every write, in order.</summary>
    public IReadOnlyList<(string Owner, long Revision, TrafficSplit Split)> Written => written;

    public IEnumerable<int> Weights => written.Select(w => w.Split.CanaryWeight);

    /// <summary>Runs before a split is written; may wait or throw.</summary>
    public Func<TrafficSplit, CancellationToken, Task> BeforeWriting { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Runs before a target is claimed; may throw.</summary>
    public Action<TrafficTarget> BeforeClaiming { get; set; } = _ => { };

    /// <summary>Owners that are not heard of any more, with the time at which they were.</summary>
    public Dictionary<string, DateTimeOffset> Silent { get; } = [];

    public Task<ClaimedTarget> ClaimAsync(TrafficTarget target, string owner, TimeSpan silence, CancellationToken cancellationToken)
    {
        BeforeClaiming(target);
        lock (gate)
        {
            bool taken = targets.TryGetValue($"{target}", out var held) && held.Owner.Length > 0 && held.Owner != owner;
            if (taken && !Silent.ContainsKey(held.Owner))
            {
                throw new PortException(FailureKind.Owned, $"{target} is owned by {held.Owner}") { Owner = held.Owner };
            }

            TrafficSplit split = held.Split ?? TrafficSplit.None;
            targets[$"{target}"] = (owner, held.Owner == owner ? held.Revision : 0, split);
            if (taken)
            {
                takenFrom[$"{target}"] = held.Owner;
            }

            return Task.FromResult(new ClaimedTarget(split, takenFrom.GetValueOrDefault($"{target}")));
        }
    }

    public Task<TargetHolder?> FindHolderAsync(TrafficTarget target, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            return Task.FromResult(
                targets.TryGetValue($"{target}", out var held) && held.Owner.Length > 0
                    ? new TargetHolder(held.Owner, Silent.TryGetValue(held.Owner, out DateTimeOffset at) ? at : TimeProvider.System.GetUtcNow(), held.Split)
                    : null);
        }
    }

    public async Task<TrafficSplit> ApplyAsync(TrafficTarget target, TrafficSplit split, string owner, long revision, CancellationToken cancellationToken)
    {
        await BeforeWriting(split, cancellationToken);
        lock (gate)
        {
            if (!targets.TryGetValue($"{target}", out var held))
            {
                throw new PortException(FailureKind.NotFound, $"{target} was never claimed");
            }

            if (held.Owner != owner || held.Revision > revision)
            {
                throw new PortException(FailureKind.Superseded, $"revision {held.Revision} has been written");
            }

            targets[$"{target}"] = (owner, revision, split);
            written = written.Add((owner, revision, split));
            return split;
        }
    }

    public Task<TrafficSplit> RenewAsync(TrafficTarget target, TrafficSplit written, string owner, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            return targets.TryGetValue($"{target}", out var held) && held.Owner == owner
                ? Task.FromResult(held.Split)
                : throw new PortException(FailureKind.Owned, $"{target} is not owned by {owner}") { Owner = held.Owner };
        }
    }

    public Task ReleaseAsync(TrafficTarget target, string owner, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (targets.TryGetValue($"{target}", out var held) && held.Owner == owner)
            {
                targets[$"{target}"] = ("", 0, held.Split);
                takenFrom.Remove($"{target}");
            }

            return Task.CompletedTask;
        }
    }

    public Task<WorkloadRevisions> ReadAsync(TrafficTarget target, CancellationToken cancellationToken) =>
        Task.FromResult(new WorkloadRevisions("stable", "canary"));
}
