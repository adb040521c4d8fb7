using Rollouts.Machine;

namespace Rollouts.Embedded.State;

/// <summary>What a turn left, as it is stored before anything of it is done.</summary>
/// <param name="Key">The rollout's key in the state file.</param>
/// <param name="Number">Grows with every write; a write that builds on another number is refused.</param>
/// <param name="Rollout">The state.</param>
/// <param name="Effects">Still to be performed; none when the rollout sleeps.</param>
/// <param name="Observations">What the next turn is told beside what the effects bring.</param>
/// <param name="WakeAt">When the next turn is to be taken, effects done; null when only a decision can move the rollout.</param>
internal sealed record Generation(
    long Key,
    long Number,
    Rollout Rollout,
    IReadOnlyList<Effect> Effects,
    IReadOnlyList<Observation> Observations,
    DateTimeOffset? WakeAt)
{
    public bool Sleeps => Effects.Count == 0;

    /// <summary>When the next turn is due; null while effects are under way and when only a decision can move the rollout.</summary>
    public DateTimeOffset? Due => Sleeps ? WakeAt : null;
}
