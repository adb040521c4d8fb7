using Microsoft.Extensions.Logging;
using RolloutFunctions.Clusters;
using RolloutFunctions.Engine;
using Rollouts;
using Rollouts.AzureStorage.Journal;
using Rollouts.AzureStorage.Registry;
using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Traffic;
using Rollouts.Workloads;

namespace RolloutFunctions.Watchdog;

/// <summary>Takes the canary's traffic away for a rollout that can't do so itself any more, and says so in its journal. Done again, it changes nothing.</summary>
/// <remarks>
/// All traffic is taken from a canary only once the stable Deployment can take it, where there is one: in the middle of a promotion the canary may be the
/// only version that is up.
/// </remarks>
public sealed class RolloutRescue(
    ClusterDirectory clusters, RolloutClosing closing, AzureTableJournal journal, WatchdogRecord record, ILogger<RolloutRescue> logger)
{
    // Above every revision of the rollout's own: a write of its that is still on the way is refused.
    private const long Revision = long.MaxValue;

    // What is recorded of a rescue, each once.
    private const int Ended = -1;
    private const int Kept = -2;

    // Less the decision's place.
    private const int Unread = -10;

    /// <param name="rollout">Which.</param>
    /// <param name="turn">Its last turn; null where that can't be read.</param>
    /// <param name="reason">Why it can't go on itself.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PortException">The cluster or the storage did not do its part; everything is done again the next time.</exception>
    public async Task RescueAsync(RegisteredRollout rollout, Turn? turn, string reason, CancellationToken cancellationToken)
    {
        logger.Rescuing(rollout.Id, reason);
        if (await MissingPodsAsync(rollout, cancellationToken).ConfigureAwait(false) is { } missing)
        {
            await record.WriteAsync(
                rollout.Id,
                Kept,
                EventType.RolloutHalted,
                $"Rollout halted: {reason}; the canary has all traffic and keeps it until the stable Deployment can take it, which is looked at every minute: {missing}",
                cancellationToken).ConfigureAwait(false);
            return;
        }

        bool promoted = turn?.Rollout.Outcome is RolloutOutcome.Promoted or RolloutOutcome.FastRolledBack;
        string outcome = await EndAsync(rollout, promoted, cancellationToken).ConfigureAwait(false);
        await record.WriteAsync(rollout.Id, Ended, EventType.RolloutAborted, $"Rollout aborted: {reason}; {outcome}", cancellationToken).ConfigureAwait(false);
        IReadOnlyList<SequencedDecision> decisions = await journal.ReadDecisionsAsync(rollout.Id, 0, cancellationToken).ConfigureAwait(false);
        foreach (SequencedDecision unread in decisions.Where(d => turn is not null && d.Sequence > turn.Rollout.LastDecision))
        {
            await record.WriteAsync(
                rollout.Id,
                Unread - (int)unread.Sequence,
                EventType.DecisionRejected,
                $"{CommandName.Of(unread.Decision.Command)} by {unread.Decision.By} was not carried out: {reason}",
                cancellationToken,
                unread.Decision.Id).ConfigureAwait(false);
        }

        _ = await closing.TryCloseAsync(rollout.Id, decisions.Count == 0 ? 0 : decisions[^1].Sequence, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What keeps all traffic on the canary; null when nothing does, or it does not have all.</summary>
    private async Task<string?> MissingPodsAsync(RegisteredRollout rollout, CancellationToken cancellationToken)
    {
        TrafficTarget target = rollout.Target;
        TargetHolder? holder = await clusters.FindHolderAsync(target, cancellationToken).ConfigureAwait(false);
        if (holder is null || holder.Owner != rollout.Id || holder.Split.CanaryWeight < target.MaxWeight)
        {
            return null;
        }

        try
        {
            WorkloadState state = await clusters.ReadAsync(target, new WorkloadSpec(), cancellationToken).ConfigureAwait(false);
            int canary = state.Canary?.Available ?? 0;
            return state.Stable is { } stable && stable.Available < Math.Max(1, canary)
                ? $"deployment `{target.RolloutName}` has {stable.Available} pods available, the canary {canary}"
                : null;
        }
        catch (PortException notOurs) when (notOurs.Kind != FailureKind.Transient)
        {
            // The versions are deployed by others: both were there before the rollout began.
            return null;
        }
    }

    private async Task<string> EndAsync(RegisteredRollout rollout, bool promoted, CancellationToken cancellationToken)
    {
        try
        {
            if (!promoted)
            {
                await clusters.ApplyAsync(rollout.Target, TrafficSplit.None, rollout.Id, Revision, cancellationToken).ConfigureAwait(false);
            }

            await clusters.ReleaseAsync(rollout.Target, rollout.Id, cancellationToken).ConfigureAwait(false);
            return promoted ? "it had been promoted, and its traffic stays" : "the canary's weight was set to 0";
        }
        catch (PortException elsewhere) when (elsewhere.Kind is FailureKind.Owned or FailureKind.NotFound)
        {
            return $"the canary was left as it is: {elsewhere.Message}";
        }
    }
}
