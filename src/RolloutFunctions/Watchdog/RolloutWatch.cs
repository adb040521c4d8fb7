using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using RolloutFunctions.Engine;
using Rollouts.AzureStorage.Journal;
using Rollouts.AzureStorage.Registry;

namespace RolloutFunctions.Watchdog;

/// <summary>
/// What no generation can do for itself: wakes rollouts that have not read a decision, records those that are over, and takes the canary's traffic away
/// where an operator terminated or purged the instance, or it failed.
/// </summary>
public sealed class RolloutWatch(
    RolloutRegistry registry, AzureTableJournal journal, RolloutClosing closing, RolloutRescue rescue, TimeProvider time, ILogger<RolloutWatch> logger)
{
    /// <summary>How long a registered rollout may be without an instance before it counts as purged: the start may still be under way.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    public async Task LookAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        RolloutInstances instances = new(client);
        IReadOnlyList<RegisteredRollout> open = await registry.ListOpenAsync(cancellationToken).ConfigureAwait(false);
        await Parallel.ForEachAsync(
            open,
            new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken },
            async (rollout, token) =>
            {
                try
                {
                    await LookAsync(instances, rollout, token).ConfigureAwait(false);
                }
                catch (Exception failure) when (failure is not OperationCanceledException)
                {
                    // One rollout that can't be looked after must not keep the others waiting.
                    logger.WatchFailed(rollout.Id, failure);
                }
            }).ConfigureAwait(false);
    }

    private async Task LookAsync(RolloutInstances instances, RegisteredRollout rollout, CancellationToken cancellationToken)
    {
        if (await instances.FindAsync(rollout.Id, cancellationToken).ConfigureAwait(false) is not { } instance)
        {
            await MissingAsync(rollout, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (instance.IsBroken)
        {
            string reason = $"its instance {(instance.Status == OrchestrationRuntimeStatus.Failed ? "failed" : "was terminated")}";
            await rescue.RescueAsync(rollout, instance.ReadableTurn, reason, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (instance.Status == OrchestrationRuntimeStatus.Suspended)
        {
            logger.Suspended(rollout.Id);
        }

        bool unread = (await journal.ReadDecisionsAsync(rollout.Id, instance.Turn.Rollout.LastDecision, cancellationToken).ConfigureAwait(false)).Count > 0;
        if (unread)
        {
            await new DecisionDelivery(instances, time, logger).TryWakeAsync(rollout.Id, instance, cancellationToken).ConfigureAwait(false);
        }
        else if (instance.Status == OrchestrationRuntimeStatus.Completed && instance.Turn.Rollout.IsFinished)
        {
            // A retry had opened the journal; one that was refused leaves the rollout as finished as before.
            _ = await closing.TryCloseAsync(rollout.Id, instance.Turn.Rollout.LastDecision, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task MissingAsync(RegisteredRollout rollout, CancellationToken cancellationToken)
    {
        if (time.GetUtcNow() - rollout.StartedAt >= StartLimit)
        {
            await rescue.RescueAsync(rollout, null, "its instance is gone, purged or never begun", cancellationToken).ConfigureAwait(false);
        }
    }
}
