using Microsoft.Extensions.Logging;
using RolloutFunctions.Clusters;
using Rollouts;
using Rollouts.AzureStorage.Journal;
using Rollouts.AzureStorage.Registry;
using Rollouts.Journal;
using Rollouts.Traffic;

namespace RolloutFunctions.Watchdog;

/// <summary>Takes the canary's traffic away for a rollout that can't do so itself any more, and says so in its journal. Done again, it changes nothing.</summary>
public sealed class RolloutRescue(
    ClusterDirectory clusters, RolloutRegistry registry, AzureTableJournal journal, TimeProvider time, ILogger<RolloutRescue> logger)
{
    private const string By = "watchdog";
    private const int PageSize = 500;

    // Above every revision of the rollout's own: a write of its that is still on the way is refused.
    private const long Revision = long.MaxValue;

    /// <exception cref="PortException">The cluster or the storage did not do its part; everything is done again the next time.</exception>
    public async Task RescueAsync(RegisteredRollout rollout, string reason, CancellationToken cancellationToken)
    {
        logger.Rescuing(rollout.Id, reason);
        string outcome = await TakeTrafficAwayAsync(rollout, cancellationToken).ConfigureAwait(false);
        (JournalEntry? last, long lastDecision) = await ReadEndAsync(rollout.Id, cancellationToken).ConfigureAwait(false);
        if (last is not { By: By })
        {
            JournalEntry entry = new()
            {
                Number = (last?.Number ?? 0) + 1,
                At = time.GetUtcNow(),
                Type = EventType.RolloutAborted,
                Message = $"Rollout aborted: {reason}; {outcome}",
                By = By,
            };
            await journal.AppendAsync(rollout.Id, [entry], cancellationToken).ConfigureAwait(false);
        }

        if (await journal.TryCloseAsync(rollout.Id, lastDecision, cancellationToken).ConfigureAwait(false))
        {
            await registry.FinishAsync(rollout.Id, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<string> TakeTrafficAwayAsync(RegisteredRollout rollout, CancellationToken cancellationToken)
    {
        try
        {
            await clusters.ApplyAsync(rollout.Target, TrafficSplit.None, rollout.Id, Revision, cancellationToken).ConfigureAwait(false);
            await clusters.ReleaseAsync(rollout.Target, rollout.Id, cancellationToken).ConfigureAwait(false);
            return "the canary's weight was set to 0";
        }
        catch (PortException elsewhere) when (elsewhere.Kind is FailureKind.Owned or FailureKind.NotFound)
        {
            return $"the canary was left as it is: {elsewhere.Message}";
        }
    }

    /// <summary>The entry of the greatest number, and the sequence number of the last decision.</summary>
    private async Task<(JournalEntry? Last, long LastDecision)> ReadEndAsync(string id, CancellationToken cancellationToken)
    {
        JournalEntry? last = null;
        long lastDecision = 0;
        long after = 0;
        IReadOnlyList<JournalRecord> page;
        do
        {
            page = await journal.ReadAsync(id, after, PageSize, cancellationToken).ConfigureAwait(false);
            foreach (JournalRecord record in page)
            {
                after = record.Position;
                lastDecision = record.Decision is null ? lastDecision : record.Position;
                last = record.Entry is { } entry && entry.Number > (last?.Number ?? 0) ? entry : last;
            }
        }
        while (page.Count == PageSize);
        return (last, lastDecision);
    }
}
