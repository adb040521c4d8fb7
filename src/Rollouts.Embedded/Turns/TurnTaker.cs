using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Rollouts.Embedded.State;
using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Manifests;

namespace Rollouts.Embedded.Turns;

/// <summary>Takes turns of the machine on the state file. Every method runs inside a transaction of the writer.</summary>
internal sealed class TurnTaker(TimeProvider time, ILogger logger)
{
    /// <summary>How long a rollout rests whose turn could not be taken (a fault of this build), before it is tried again.</summary>
    public static readonly TimeSpan RestAfterFault = TimeSpan.FromMinutes(1);

    private const int MostTurnsInARow = 16;

    /// <summary>The first generation of a rollout.</summary>
    public Generation Start(Tables tables, long key, string id, Release release, string startedBy, string? supersedes)
    {
        DateTimeOffset now = time.GetUtcNow();
        Generation first = Settle(tables, key, 1, RolloutMachine.Start(release, id, startedBy, now, supersedes), now);
        tables.Generations.Insert(first, startedBy);
        tables.Targets.Own(release.Target, key);
        return first;
    }

    /// <summary>The next generation of each rollout that is due.</summary>
    public IReadOnlyList<(Generation Next, DateTimeOffset Due)> TakeDue(Tables tables, int most)
    {
        DateTimeOffset now = time.GetUtcNow();
        List<(Generation, DateTimeOffset)> taken = [];
        foreach (long key in tables.Generations.Due(now, most))
        {
            if (Find(tables, key, now) is { } current)
            {
                taken.Add((Next(tables, current), current.Due ?? now));
            }
        }

        return taken;
    }

    /// <summary>The generations whose effects were under way when the engine last ended.</summary>
    public IReadOnlyList<Generation> UnderWay(Tables tables) =>
        [.. tables.Generations.UnderWay().Select(key => Find(tables, key, time.GetUtcNow())).OfType<Generation>()];

    /// <summary>The next generation of a rollout that sleeps.</summary>
    public Generation Next(Tables tables, Generation current) => Next(tables, current, current.Observations);

    /// <summary>What follows when effects have been performed: sleep, or the next turn. Null when nothing was done, so that nothing has changed.</summary>
    public Generation? Land(Tables tables, Generation current, EffectResults results)
    {
        bool decided = tables.Journal.Decisions(current.Key, current.Rollout.LastDecision).Count > 0;
        if (results.Complete && !decided && (current.WakeAt is null || current.WakeAt > time.GetUtcNow()))
        {
            return Sleep(tables, current, results.Observations, current.WakeAt);
        }

        return results.Complete || decided || results.Observations.Count > current.Observations.Count
            ? Next(tables, current, results.Observations)
            : null;
    }

    private Generation Next(Tables tables, Generation current, IReadOnlyList<Observation> observations)
    {
        DateTimeOffset now = time.GetUtcNow();
        Turn turn;
        try
        {
            turn = RolloutMachine.Advance(current.Rollout, WithDecisions(tables, current.Key, current.Rollout, observations), now);
        }
        catch (Exception fault) when (fault is not SqliteException)
        {
            // One rollout that this build can't move must not stop the others, nor be turned over and over.
            logger.TurnFailed(current.Rollout.Id, RestAfterFault, fault);
            return Sleep(tables, current, observations, now + RestAfterFault);
        }

        Generation next = Settle(tables, current.Key, current.Number + 1, turn, now);
        tables.Generations.Update(next);
        if (next.Rollout.IsFinished)
        {
            tables.Targets.Release(next.Key);

            // A retry opens the journal; one that was refused leaves the rollout as finished as before.
            tables.Journal.TryClose(next.Key, next.Rollout.LastDecision);
        }

        return next;
    }

    /// <summary>
    /// Journal entries are written in the transaction that stores the generation, so they need no effect of their own; turns in which nothing else is
    /// to be done are taken in one go.
    /// </summary>
    private static Generation Settle(Tables tables, long key, long number, Turn turn, DateTimeOffset now)
    {
        for (int turns = 1; ; turns++)
        {
            List<Effect> effects = [];
            List<Observation> observations = [];
            foreach (Effect effect in turn.Effects)
            {
                if (effect is AppendJournal append)
                {
                    tables.Journal.Append(key, append.Entries);
                    observations.Add(new JournalAppended(append.Entries[^1].Number));
                }
                else
                {
                    effects.Add(effect);
                }
            }

            Generation settled = new(key, number, turn.Rollout, effects, observations, turn.WakeAt);
            if (!settled.Sleeps || settled.WakeAt is null || settled.WakeAt > now || turns == MostTurnsInARow)
            {
                return settled;
            }

            turn = RolloutMachine.Advance(turn.Rollout, WithDecisions(tables, key, turn.Rollout, observations), now);
        }
    }

    private static Generation Sleep(Tables tables, Generation current, IReadOnlyList<Observation> observations, DateTimeOffset? wakeAt)
    {
        Generation asleep = current with { Number = current.Number + 1, Effects = [], Observations = observations, WakeAt = wakeAt };
        tables.Generations.Sleep(asleep);
        return asleep;
    }

    private static IReadOnlyList<Observation> WithDecisions(
        Tables tables, long key, Rollout rollout, IReadOnlyList<Observation> observations)
    {
        IReadOnlyList<SequencedDecision> unread = tables.Journal.Decisions(key, rollout.LastDecision);
        return unread.Count == 0 ? observations : [.. observations, .. unread.Select(d => new DecisionRead(d.Sequence, d.Decision))];
    }

    private Generation? Find(Tables tables, long key, DateTimeOffset now)
    {
        try
        {
            return tables.Generations.Find(key);
        }
        catch (System.Text.Json.JsonException unreadable)
        {
            logger.StateUnreadable(key, RestAfterFault, unreadable);
            tables.Generations.Postpone(key, now + RestAfterFault);
            return null;
        }
    }
}
