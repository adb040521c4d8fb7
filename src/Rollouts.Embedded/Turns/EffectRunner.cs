using Microsoft.Extensions.Logging;
using Rollouts.Machine;

namespace Rollouts.Embedded.Turns;

/// <summary>Performs the effects of a generation: lower orders first, those of one order side by side, no more at once than the options allow.</summary>
internal sealed class EffectRunner(EffectPerformer performer, EmbeddedOptions options, ILogger logger) : IDisposable
{
    private readonly SemaphoreSlim measurements = new(options.MostMeasurementsAtOnce);
    private readonly SemaphoreSlim changes = new(options.MostChangesAtOnce);

    /// <param name="flight">The generation; once it is interrupted, what is interruptible ends and nothing new begins.</param>
    /// <param name="stop">Breaks off everything.</param>
    public async Task<EffectResults> PerformAsync(Flight flight, CancellationToken stop)
    {
        List<Observation> observations = [.. flight.Generation.Observations];
        int performed = 0;
        foreach (IGrouping<int, Effect> sideBySide in flight.Generation.Effects.GroupBy(e => e.Order).OrderBy(g => g.Key))
        {
            if (flight.Interrupted.IsCancellationRequested || stop.IsCancellationRequested)
            {
                break;
            }

            Observation?[] seen = await Task.WhenAll(sideBySide.Select(effect => PerformAsync(flight, effect, stop))).ConfigureAwait(false);
            foreach (Observation observation in seen.OfType<Observation>())
            {
                performed++;
                observations.Add(observation);
            }
        }

        return new EffectResults(observations, performed == flight.Generation.Effects.Count);
    }

    public void Dispose()
    {
        measurements.Dispose();
        changes.Dispose();
    }

    /// <summary>Null when the effect was broken off.</summary>
    private async Task<Observation?> PerformAsync(Flight flight, Effect effect, CancellationToken stop)
    {
        SemaphoreSlim slots = effect.Interruptible ? measurements : changes;
        CancellationToken token = effect.Interruptible ? flight.Interrupted : stop;
        string id = flight.Generation.Rollout.Id;
        try
        {
            await slots.WaitAsync(token).ConfigureAwait(false);
            try
            {
                return await performer.PerformAsync(id, effect, token).ConfigureAwait(false);
            }
            finally
            {
                slots.Release();
            }
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception fault)
        {
            // A port is to speak in PortExceptions; one that does not must not strand the rollout. The text stays in the log: nobody vouches for it.
            logger.EffectFaulted(id, effect.GetType().Name, fault);
            return new EffectFailed(effect, FailureKind.Transient, $"unexpected {fault.GetType().Name}; the server's log has more");
        }
    }
}
