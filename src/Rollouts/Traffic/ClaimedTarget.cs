namespace Rollouts.Traffic;

/// <summary>A target that its owner has.</summary>
/// <param name="Found">The split found there.</param>
/// <param name="TakenFrom">
/// The rollout from which it was taken because that was not heard of any more; null when nobody had it. Told again when the same owner claims again.
/// </param>
public sealed record ClaimedTarget(TrafficSplit Found, string? TakenFrom = null);
