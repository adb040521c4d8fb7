using Rollouts.Journal;
using Rollouts.Manifests;

namespace Rollouts.Machine;

/// <summary>
/// Decides what a rollout does next. Pure: no clock, no I/O, no randomness; equal inputs give equal outputs. Level-triggered: every turn lists what is
/// still to be done, so a lost observation costs one repeated, idempotent effect and nothing else.
/// </summary>
public static class RolloutMachine
{
    /// <summary>How long a rollback may fail to reach the cluster before the rollout ends all the same, and says so.</summary>
    public static readonly TimeSpan RollbackDeadline = TimeSpan.FromHours(1);

    /// <summary>How long the target may fail to be given free, or the journal to close, before the rollout ends all the same.</summary>
    public static readonly TimeSpan ClosingDeadline = TimeSpan.FromHours(1);

    /// <summary>
    /// How long a target stays with a rollout that is not heard of: six of the looks that each rollout takes at its target. A newer rollout takes it then.
    /// </summary>
    public static readonly TimeSpan LeaseTerm = TimeSpan.FromMinutes(30);

    /// <summary>The first turn of a release.</summary>
    /// <param name="release">What to roll out.</param>
    /// <param name="id">See <see cref="RolloutId.For"/>.</param>
    /// <param name="startedBy">Who asked for it, for the journal.</param>
    /// <param name="now">The time.</param>
    /// <param name="supersedes">The rollout that was told to make way for this one, whose ownership of the target is waited out; null when there is none.</param>
    public static Turn Start(Release release, string id, string startedBy, DateTimeOffset now, string? supersedes = null)
    {
        var turn = new TurnInProgress(
            new Rollout { Id = id, Release = release, StartedAt = now, AttemptStartedAt = now, DesiredSince = now, Supersedes = supersedes },
            now);
        turn.Begin(startedBy);
        turn.Walk();
        return turn.Complete();
    }

    /// <summary>Whether a command moves a rollout that has finished; then its journal is opened again for it, and the target is taken once more.</summary>
    public static bool Reopens(Rollout rollout, Command command)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        return command switch
        {
            Command.Retry => rollout.Outcome is RolloutOutcome.Aborted or RolloutOutcome.RolledBack,
            Command.Restart => rollout is { Outcome: not null, Workload: not null },
            _ => false,
        };
    }

    /// <summary>The next turn.</summary>
    /// <param name="rollout">The state that the last turn left.</param>
    /// <param name="observations">
    /// What came of its effects, and every decision after <see cref="Rollout.LastDecision"/>. A finished rollout is moved by a retry only.
    /// </param>
    /// <param name="now">The time; not before that of the last turn.</param>
    public static Turn Advance(Rollout rollout, IReadOnlyList<Observation> observations, DateTimeOffset now)
    {
        var turn = new TurnInProgress(rollout, now);
        foreach (Observation observation in observations)
        {
            turn.Observe(observation);
        }

        foreach (DecisionRead read in observations.OfType<DecisionRead>().OrderBy(d => d.Sequence))
        {
            turn.Decide(read);
        }

        turn.Walk();
        return turn.Complete();
    }
}
