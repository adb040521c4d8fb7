using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace RolloutFunctions.Watchdog;

/// <summary>Looks after the open rollouts once a minute, and every five minutes after the targets of those that are over.</summary>
public sealed class WatchdogTrigger(RolloutWatch watch, LeaseWatch leases)
{
    [Function("Watchdog")]
    public Task RunAsync([TimerTrigger("0 * * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        watch.LookAsync(client, cancellationToken);

    [Function("LeaseWatchdog")]
    public Task LookForLeasesAsync([TimerTrigger("30 */5 * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        leases.LookAsync(cancellationToken);
}
