namespace Rollouts.Traffic;

/// <summary>
/// Writes traffic splits to a cluster. Every member is idempotent, reads back what it wrote, and ends with a
/// <see cref="PortException"/> when the cluster does not take it.
/// </summary>
public interface ITrafficRouter
{
    /// <summary>
    /// Makes <paramref name="owner"/> the one rollout that may write to the target, by a write that is conditional on what was read.
    /// Creates what the router needs (for ingress-nginx the canary ingress, at weight 0) and leaves the split as it is otherwise.
    /// </summary>
    /// <param name="target">What is claimed.</param>
    /// <param name="owner">Who claims it.</param>
    /// <param name="silence">
    /// How long another owner must not have been heard of, by the clock of whoever claims, for the target to be taken from it: a process that is gone
    /// does not hold it for ever. What the former owner writes later is refused.
    /// </param>
    /// <param name="cancellationToken">Ends the wait, not necessarily the write.</param>
    /// <exception cref="PortException">
    /// Kind <see cref="FailureKind.Owned"/> with the owner's id when another rollout owns it and was heard of since.
    /// </exception>
    Task<ClaimedTarget> ClaimAsync(TrafficTarget target, string owner, TimeSpan silence, CancellationToken cancellationToken);

    /// <summary>
    /// Who has the target, and what it holds; null when nobody has it, or it is not there. Of several owners the one that was heard of last. Writes nothing.
    /// </summary>
    Task<TargetHolder?> FindHolderAsync(TrafficTarget target, CancellationToken cancellationToken);

    /// <summary>Writes the split and answers with what the cluster then holds.</summary>
    /// <param name="target">Where.</param>
    /// <param name="split">What; absolute.</param>
    /// <param name="owner">The rollout that writes; it must own the target.</param>
    /// <param name="revision">
    /// Grows with every new split of the owner. A write of a lower revision than the one on record is refused
    /// (<see cref="FailureKind.Superseded"/>), so that a late duplicate of an old effect can't undo an abort.
    /// </param>
    /// <param name="cancellationToken">Ends the wait, not necessarily the write.</param>
    Task<TrafficSplit> ApplyAsync(TrafficTarget target, TrafficSplit split, string owner, long revision, CancellationToken cancellationToken);

    /// <summary>
    /// Says that the owner is still there, and reads what the cluster holds. Whoever does so from time to time keeps its target (see
    /// <see cref="ClaimAsync"/>) and learns what others have written to it.
    /// </summary>
    /// <param name="target">Where.</param>
    /// <param name="written">What the owner last wrote: where several objects hold different splits, the answer is one that is not this.</param>
    /// <param name="owner">Who looks.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PortException">Kind <see cref="FailureKind.Owned"/> when <paramref name="owner"/> does not own the target any more.</exception>
    Task<TrafficSplit> RenewAsync(TrafficTarget target, TrafficSplit written, string owner, CancellationToken cancellationToken);

    /// <summary>Gives the target free. Does nothing when <paramref name="owner"/> does not own it.</summary>
    Task ReleaseAsync(TrafficTarget target, string owner, CancellationToken cancellationToken);
}
