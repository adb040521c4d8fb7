namespace RolloutFunctions.Orchestration;

/// <summary>
/// The input of one generation: everything that it does stands in it, so that code deployed since never meets its history. Its JSON, the orchestrator's own
/// calls and the names of the activities stay as they are.
/// </summary>
/// <param name="Turn">What the last turn left; see <see cref="StoredTurn"/>.</param>
/// <param name="Number">From 1, for people.</param>
/// <param name="WokenEarly">Whether a wake-up came too late for the generation before; this one then does not wait.</param>
public sealed record Generation(string Turn, int Number = 1, bool WokenEarly = false);
