using Rollouts.Machine;
using Rollouts.Traffic;

namespace Rollouts.Engine;

/// <summary>Owners of targets that are rollouts of another engine: asked for before a start, so that whoever starts hears of them at once.</summary>
public static class ForeignOwner
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>The refusal of a start on a target that a rollout of another engine has; null when none has it, as far as can be told now: the claim decides.</summary>
    /// <param name="router">The cluster.</param>
    /// <param name="target">What is to be rolled.</param>
    /// <param name="isOurs">Whether a rollout is under way on this engine.</param>
    /// <param name="time">For the time-out and the lease.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<StartResult?> RefuseAsync(
        ITrafficRouter router, TrafficTarget target, Func<string, CancellationToken, Task<bool>> isOurs, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(router);
        ArgumentNullException.ThrowIfNull(isOurs);
        ArgumentNullException.ThrowIfNull(time);
        TargetHolder? holder = await HolderAsync(router, target, time, cancellationToken).ConfigureAwait(false);
        if (holder is null || holder.IsSilent(time.GetUtcNow(), RolloutMachine.LeaseTerm) || await isOurs(holder.Owner, cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        string heard = holder.RenewedAt is { } at ? $", heard of at {at:u}" : "";
        return new StartResult(
            StartOutcome.TargetOwned,
            null,
            holder.Owner,
            $"{target} is owned by rollout {holder.Owner} of another engine{heard}: wait for it to end, or abort it there; once it has not been heard of for "
                + $"{GoDuration.Format(RolloutMachine.LeaseTerm)}, a start takes the target over");
    }

    private static async Task<TargetHolder?> HolderAsync(ITrafficRouter router, TrafficTarget target, TimeProvider time, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await router.FindHolderAsync(target, either.Token).ConfigureAwait(false);
        }
        catch (PortException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
