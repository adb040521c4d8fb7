using System.Globalization;
using Microsoft.Extensions.Logging;
using RolloutFunctions.Clusters;
using Rollouts;
using Rollouts.AzureStorage.Registry;
using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Traffic;

namespace RolloutFunctions.Watchdog;

/// <summary>
/// Takes over targets that this app has rolled before and whose owner is not heard of any more: a rollout of another app, a command that was killed, or one
/// whose state is lost. The canary's traffic is taken away and the target is given free, on record in the journal of the rollout that had it, else of the
/// last one of that target that is known here.
/// </summary>
/// <remarks>A canary that has all traffic keeps it, as with a start that takes a target over: it may have been promoted, and the former version gone.</remarks>
public sealed class LeaseWatch(ClusterDirectory clusters, RolloutRegistry registry, WatchdogRecord record, TimeProvider time, ILogger<LeaseWatch> logger)
{
    /// <summary>How many of the newest rollouts are asked for their targets.</summary>
    private const int MostLookedAt = 500;

    private static readonly DateTimeOffset Beginning = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <exception cref="PortException">The storage did not answer. What a cluster does not do is logged, and tried again the next time.</exception>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<RegisteredRollout> newest = await registry.ListNewestAsync(MostLookedAt, cancellationToken).ConfigureAwait(false);
        await Parallel.ForEachAsync(
            newest.Where(r => clusters.Refusal(r.Target) is null).DistinctBy(r => string.Join('\n', r.Target.Objects().Select(o => o.Key('|')))),
            new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellationToken },
            async (last, token) =>
            {
                try
                {
                    TargetHolder? holder = await clusters.FindHolderAsync(last.Target, token).ConfigureAwait(false);
                    if (holder is not null && IsAbandoned(holder)
                        && await registry.FindAsync(holder.Owner, token).ConfigureAwait(false) is not { IsOpen: true })
                    {
                        await TakeOverAsync(last, holder, token).ConfigureAwait(false);
                    }
                }
                catch (PortException other) when (other.Kind == FailureKind.Owned)
                {
                    // Somebody took it, or was heard of, in this moment.
                }
                catch (Exception failure) when (failure is not OperationCanceledException)
                {
                    logger.LeaseWatchFailed($"{last.Target}", failure);
                }
            }).ConfigureAwait(false);
    }

    /// <summary>Also one that a look before this took over and did not give free.</summary>
    private bool IsAbandoned(TargetHolder holder) =>
        holder.Owner == WatchdogRecord.By || holder.IsSilent(time.GetUtcNow(), RolloutMachine.LeaseTerm);

    private async Task TakeOverAsync(RegisteredRollout last, TargetHolder holder, CancellationToken cancellationToken)
    {
        TrafficTarget target = last.Target;
        if (holder.Split.CanaryWeight >= target.MaxWeight)
        {
            await SayAsync(
                last,
                holder.Owner,
                OccasionOf(holder, kept: true),
                $"{Abandoned(holder.Owner, holder)}; the canary has all traffic and keeps it, since that may be a version that was promoted: the next release takes the target over",
                cancellationToken).ConfigureAwait(false);
            return;
        }

        ClaimedTarget claimed = await clusters.ClaimAsync(target, WatchdogRecord.By, RolloutMachine.LeaseTerm, cancellationToken).ConfigureAwait(false);
        string former = claimed.TakenFrom ?? holder.Owner;
        bool keeps = claimed.Found.CanaryWeight >= target.MaxWeight;
        if (!keeps)
        {
            await clusters.ApplyAsync(target, TrafficSplit.None, WatchdogRecord.By, long.MaxValue, cancellationToken).ConfigureAwait(false);
        }

        await SayAsync(
            last,
            former,
            OccasionOf(holder, kept: false),
            $"{Abandoned(former, holder)}; the target was taken over, which held {claimed.Found}, {(keeps ? "and is given free as it is" : "and the canary's weight was set to 0")}",
            cancellationToken).ConfigureAwait(false);
        await clusters.ReleaseAsync(target, WatchdogRecord.By, cancellationToken).ConfigureAwait(false);
    }

    private async Task SayAsync(RegisteredRollout last, string former, int occasion, string what, CancellationToken cancellationToken)
    {
        logger.LeaseAbandoned($"{last.Target}", what);
        RegisteredRollout about = await registry.FindAsync(former, cancellationToken).ConfigureAwait(false) ?? last;
        await record.WriteAsync(about.Id, occasion, EventType.TargetTakenOver, what, cancellationToken).ConfigureAwait(false);
    }

    private static string Abandoned(string owner, TargetHolder holder) => holder.RenewedAt is { } at && holder.Owner == owner
        ? $"Rollout {owner} has not been heard of since {at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC"
        : $"Rollout {owner} is not heard of any more";

    /// <summary>The same for every look at the same silence, so that it is recorded once.</summary>
    private static int OccasionOf(TargetHolder holder, bool kept)
    {
        long seconds = ((holder.RenewedAt ?? Beginning) - Beginning).Ticks / TimeSpan.TicksPerSecond;
        return -(int)Math.Clamp((2 * seconds) + (kept ? 1 : 0) + 10, 10, int.MaxValue);
    }
}
