using Microsoft.Extensions.Logging;
using Rollouts.Engine;

namespace RolloutFunctions.Engine;

/// <summary>Wakes a rollout until it has read a decision, for a few seconds; after that the watchdog goes on, and no wait is longer than a minute.</summary>
public sealed class DecisionDelivery(RolloutInstances instances, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RaiseEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    /// <returns>The rollout once it has read the decision, else as it is after the limit; null when its instance is gone.</returns>
    public async Task<RolloutStatus?> DeliverAsync(string id, long sequence, CancellationToken cancellationToken)
    {
        DateTimeOffset end = time.GetUtcNow() + Limit;
        DateTimeOffset raiseAt = time.GetUtcNow();
        while (true)
        {
            RolloutInstance? instance = await instances.FindAsync(id, cancellationToken).ConfigureAwait(false);
            DateTimeOffset now = time.GetUtcNow();
            if (instance is null || instance.IsBroken || instance.ReadableTurn?.Rollout.LastDecision >= sequence || now >= end)
            {
                if (now >= end)
                {
                    logger.DecisionUnread(id, sequence, Limit);
                }

                return instance?.View();
            }

            if (now >= raiseAt)
            {
                raiseAt = now + RaiseEvery;
                await TryWakeAsync(id, instance, cancellationToken).ConfigureAwait(false);
            }

            await Task.Delay(LookEvery, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The wake-up of an instance that has ended in the meantime is refused; whoever wakes looks again.</summary>
    public async Task TryWakeAsync(string id, RolloutInstance instance, CancellationToken cancellationToken)
    {
        try
        {
            await instances.WakeAsync(id, instance, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception refused) when (refused is Grpc.Core.RpcException or InvalidOperationException or ArgumentException or InvalidDataException)
        {
            logger.WakeRefused(id, refused);
        }
    }
}
