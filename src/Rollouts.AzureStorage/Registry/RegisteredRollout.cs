using Rollouts.Traffic;

namespace Rollouts.AzureStorage.Registry;

/// <summary>A rollout as the registry knows it: enough to list it, and to take its canary's traffic away when nobody else can.</summary>
/// <param name="Id">See <see cref="Rollouts.Machine.RolloutId"/>.</param>
/// <param name="StartedAt">When it was registered.</param>
/// <param name="StartedBy">Who asked for it.</param>
/// <param name="Target">What it shifts traffic on.</param>
/// <param name="IsOpen">False once nothing is left to do.</param>
public sealed record RegisteredRollout(string Id, DateTimeOffset StartedAt, string StartedBy, TrafficTarget Target, bool IsOpen);

/// <summary>What became of a registration.</summary>
/// <param name="Rollout">The rollout: the new one, or the one of this id that was there; null when another owns the target.</param>
/// <param name="IsNew">Whether it was registered now.</param>
/// <param name="Owner">The id of the rollout that owns an object of the target; null when none is in the way.</param>
public sealed record Registration(RegisteredRollout? Rollout, bool IsNew, string? Owner);
