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
/// Where the stable Deployment has given pods to the canary (<c>dynamicStableScale</c>), it is given them back, and the canary keeps the traffic that it can't
/// take yet; likewise in the middle of a promotion, when the canary may be the only version that is up.
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
        if (await HoldAsync(rollout, turn?.Rollout, cancellationToken).ConfigureAwait(false) is { } hold)
        {
            await record.WriteAsync(
                rollout.Id,
                Kept,
                EventType.RolloutHalted,
                $"Rollout halted: {reason}; the canary keeps what the stable Deployment can't take yet, which is looked at every minute: {hold}",
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

    /// <summary>Writes what the stable pods can't take yet; answers why that is not nothing, or null when the canary can do without.</summary>
    private async Task<string?> HoldAsync(RegisteredRollout registered, Rollout? rollout, CancellationToken cancellationToken)
    {
        TrafficTarget target = registered.Target;
        TargetHolder? holder = await clusters.FindHolderAsync(target, cancellationToken).ConfigureAwait(false);
        bool gaveAway = rollout is { Release: { Workload: not null, Scaling.DynamicStableScale: true }, Workload: { Total: > 0, State: { Autoscaled: false } } };
        if (holder is null || holder.Owner != registered.Id || holder.Split.CanaryWeight == 0 || (!gaveAway && holder.Split.CanaryWeight < target.MaxWeight))
        {
            return null;
        }

        try
        {
            WorkloadState state = gaveAway
                ? await GiveBackAsync(target, rollout!, cancellationToken).ConfigureAwait(false)
                : await clusters.ReadAsync(target, new WorkloadSpec(), cancellationToken).ConfigureAwait(false);
            int canary = state.Canary?.Available ?? 0;
            int needed = gaveAway ? rollout!.Workload!.Total : Math.Max(1, canary);
            // An autoscaler adds pods only to those that have more to do than is theirs.
            long carried = state.Stable is { } stable ? (long)target.MaxWeight * stable.Available * (state.Autoscaled ? 5 : 4) / (4L * needed) : target.MaxWeight;
            if (carried >= target.MaxWeight)
            {
                return null;
            }

            int kept = Math.Min(holder.Split.CanaryWeight, target.MaxWeight - (int)carried);
            await clusters.ApplyAsync(target, new TrafficSplit(kept, []), registered.Id, Revision, cancellationToken).ConfigureAwait(false);
            return $"deployment `{target.RolloutName}` has {state.Stable!.Available} of {needed} pods available, the canary {canary}";
        }
        catch (PortException notOurs) when (notOurs.Kind != FailureKind.Transient)
        {
            // The versions are deployed by others, and both were there before the rollout began; or another rollout has them.
            return null;
        }
    }

    private Task<WorkloadState> GiveBackAsync(TrafficTarget target, Rollout rollout, CancellationToken cancellationToken)
    {
        WorkloadPlan plan = new() { OnlyStable = true, Stable = new StablePlan(StableContent.AsItIs, rollout.Workload!.Total) };
        WorkloadFence fence = new(rollout.Id, rollout.TakenAt ?? rollout.AttemptStartedAt, Revision);
        return clusters.ApplyAsync(target, rollout.Release.Workload!, plan, fence, cancellationToken);
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
