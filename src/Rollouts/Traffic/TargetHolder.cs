namespace Rollouts.Traffic;

/// <summary>Who has a target.</summary>
/// <param name="Owner">The id of the rollout.</param>
/// <param name="RenewedAt">When it was last heard of, by its own clock; null when that is not on record, and then nobody takes the target from it.</param>
/// <param name="Split">What the target holds.</param>
public sealed record TargetHolder(string Owner, DateTimeOffset? RenewedAt, TrafficSplit Split)
{
    /// <summary>Whether it has not been heard of for so long.</summary>
    public bool IsSilent(DateTimeOffset now, TimeSpan silence) => RenewedAt is { } at && now - at >= silence;
}
