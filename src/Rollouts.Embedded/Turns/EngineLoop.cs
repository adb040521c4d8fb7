using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Rollouts.Embedded.State;

namespace Rollouts.Embedded.Turns;

/// <summary>
/// Drives the rollouts: what is due takes its turn, what a turn lists is performed, what came of it is stored. All bookkeeping happens on the writer's
/// thread, in the order of the commits.
/// </summary>
internal sealed class EngineLoop(
    StateWriter writer,
    TurnTaker turns,
    EffectRunner effects,
    StatusFeed feed,
    EngineMetrics metrics,
    EmbeddedOptions options,
    TimeProvider time,
    ILogger logger) : IDisposable
{
    private const int MostDueAtOnce = 128;

    private static readonly TimeSpan RestAfterFailure = TimeSpan.FromSeconds(1);

    private readonly DueClock clock = new(time);
    private readonly ConcurrentDictionary<long, Flight> flights = new();
    private readonly CancellationTokenSource breakOff = new();
    private bool running;

    /// <summary>Runs until cancelled, then lets the effects on clusters that are under way end.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<Generation> underWay = await writer.RunAsync(
            turns.UnderWay,
            left =>
            {
                running = true;
                foreach (Generation generation in left)
                {
                    Launch(generation, due: null);
                }
            }).ConfigureAwait(false);
        logger.EngineRuns(underWay.Count);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                if (await TakeDueAsync().ConfigureAwait(false) < MostDueAtOnce)
                {
                    await clock.WaitAsync(cancellationToken).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception failure)
            {
                logger.WriteFailed(RestAfterFailure, failure);
                await Task.Delay(RestAfterFailure, time, CancellationToken.None).ConfigureAwait(false);
            }
        }

        await StopAsync().ConfigureAwait(false);
    }

    /// <summary>A generation has been stored. On the writer's thread.</summary>
    /// <param name="generation">As stored.</param>
    /// <param name="due">When the turn that began this was due; null when something else than time began it.</param>
    public void Stored(Generation generation, DateTimeOffset? due = null)
    {
        feed.Publish(generation);
        if (!generation.Sleeps)
        {
            if (running)
            {
                Launch(generation, due);
            }

            return;
        }

        if (due is { } since)
        {
            metrics.Done(time.GetUtcNow() - since);
        }

        if (generation.Due is { } next)
        {
            clock.Consider(next);
        }

        if (generation.Rollout is { IsFinished: true, Outcome: { } outcome })
        {
            logger.RolloutFinished(generation.Rollout.Id, outcome.ToString());
        }
    }

    /// <summary>A decision on a rollout whose effects are under way has been stored. On the writer's thread.</summary>
    public void Interrupt(long key)
    {
        if (flights.TryGetValue(key, out Flight? flight))
        {
            flight.Interrupt();
        }
    }

    public void Dispose()
    {
        clock.Dispose();
        breakOff.Dispose();
    }

    private async Task<int> TakeDueAsync()
    {
        (IReadOnlyList<(Generation Next, DateTimeOffset Due)> taken, _) = await writer.RunAsync(
            tables => (turns.TakeDue(tables, MostDueAtOnce), tables.Generations.NextDue()),
            done =>
            {
                clock.Set(done.Item2);
                foreach ((Generation next, DateTimeOffset due) in done.Item1)
                {
                    Stored(next, due);
                }
            }).ConfigureAwait(false);
        return taken.Count;
    }

    private void Launch(Generation generation, DateTimeOffset? due)
    {
        Flight flight = new(generation, due);
        flights[generation.Key] = flight;
        flight.Task = Task.Run(() => FlyAsync(flight));
    }

    private async Task FlyAsync(Flight flight)
    {
        EffectResults results = await effects.PerformAsync(flight, breakOff.Token).ConfigureAwait(false);
        while (true)
        {
            try
            {
                await writer.RunAsync(tables => turns.Land(tables, flight.Generation, results), next => Landed(flight, next)).ConfigureAwait(false);
                flight.Dispose();
                return;
            }
            catch (Exception failure) when (!breakOff.IsCancellationRequested && failure is not ObjectDisposedException)
            {
                // What the effects brought is kept and stored as soon as the file can be written again.
                logger.WriteFailed(RestAfterFailure, failure);
                await Task.Delay(RestAfterFailure, time, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private void Landed(Flight flight, Generation? next)
    {
        flights.TryRemove(flight.Generation.Key, out _);
        if (next is not null)
        {
            Stored(next, flight.Due);
        }
    }

    private async Task StopAsync()
    {
        await writer.RunAsync(_ => true, _ => running = false).ConfigureAwait(false);
        Flight[] left = [.. flights.Values];
        foreach (Flight flight in left)
        {
            flight.Interrupt();
        }

        Task ended = Task.WhenAll(left.Select(f => f.Task));
        try
        {
            await ended.WaitAsync(options.StopWithin, time, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            logger.EffectsBrokenOff(flights.Count, options.StopWithin);
            await breakOff.CancelAsync().ConfigureAwait(false);
        }

        logger.EngineStopped();
    }
}
