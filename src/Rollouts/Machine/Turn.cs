namespace Rollouts.Machine;

/// <summary>
/// What one turn of the machine leaves: the next state, what is to be done now, and when to look again. An engine stores it, performs the
/// effects, sleeps until <see cref="WakeAt"/> or a decision, and takes the next turn.
/// </summary>
/// <param name="Rollout">The state.</param>
/// <param name="Effects">What is to be done, by <see cref="Effect.Order"/>.</param>
/// <param name="WakeAt">
/// When to take the next turn once the effects are done; a time that has passed means at once. Null when only a decision can move the rollout,
/// or when it has finished (see <see cref="Rollout.IsFinished"/>).
/// </param>
public sealed record Turn(Rollout Rollout, IReadOnlyList<Effect> Effects, DateTimeOffset? WakeAt);
