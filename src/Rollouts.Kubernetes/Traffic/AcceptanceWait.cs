using System.Text.Json.Nodes;

namespace Rollouts.Kubernetes.Traffic;

/// <summary>Waits for a data plane that says which generation of an object it has taken.</summary>
internal sealed class AcceptanceWait(RoutingObjects objects, KubernetesRouterOptions options, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <param name="found">The objects as written.</param>
    /// <param name="withdrawn">Whether all traffic was taken from the canary: then it does not matter whether its service is still there.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PortException">Kind Transient: not taken within <see cref="KubernetesRouterOptions.AcceptanceTime"/>, and why.</exception>
    public async Task WaitAsync(FoundParts found, bool withdrawn, CancellationToken cancellationToken)
    {
        DateTimeOffset end = time.GetUtcNow() + options.AcceptanceTime;
        foreach ((RoutingPart part, JsonObject? first) in found.Objects)
        {
            JsonObject? live = first;
            while (live is not null && part.Pending(live, withdrawn) is { } why)
            {
                if (time.GetUtcNow() >= end)
                {
                    throw new PortException(FailureKind.Transient, $"{part.Subject} is written, but {why}");
                }

                await Task.Delay(Interval, time, cancellationToken).ConfigureAwait(false);
                live = await objects.FindAsync(part, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
