using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace RolloutFunctions.Watchdog;

/// <summary>Looks after the open rollouts once a minute.</summary>
public sealed class WatchdogTrigger(RolloutWatch watch)
{
    [Function("Watchdog")]
    public Task RunAsync([TimerTrigger("0 * * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        watch.LookAsync(client, cancellationToken);
}
