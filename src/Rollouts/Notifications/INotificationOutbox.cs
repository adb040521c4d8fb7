namespace Rollouts.Notifications;

/// <summary>
/// Remembers which posts were begun, before they are sent: a process that dies between sending and hearing leaves a mark for the next one. Writes are
/// conditional; of two who begin the same post one is first.
/// </summary>
public interface INotificationOutbox
{
    /// <summary>Marks a post as begun, unless it is marked already.</summary>
    /// <param name="rollout">The rollout's id.</param>
    /// <param name="post">The post, unique in the rollout: channel and key.</param>
    /// <param name="now">When.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What stood there before; null when nothing did.</returns>
    Task<OutboxMark?> BeginAsync(string rollout, string post, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Begins a post anew whose mark was left behind, unless somebody else has done so since it was seen.</summary>
    Task<bool> TryTakeOverAsync(string rollout, string post, OutboxMark seen, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Records that a post is there.</summary>
    /// <param name="rollout">The rollout's id.</param>
    /// <param name="post">The post.</param>
    /// <param name="messageId">What the channel calls it; null where it gives no name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task CompleteAsync(string rollout, string post, string? messageId, CancellationToken cancellationToken);

    /// <summary>Takes a mark back: it is certain that nothing was posted.</summary>
    Task WithdrawAsync(string rollout, string post, CancellationToken cancellationToken);
}

/// <summary>A post that was begun.</summary>
/// <param name="BegunAt">When.</param>
/// <param name="IsPosted">Whether it is known to be there.</param>
/// <param name="MessageId">What the channel calls it.</param>
public sealed record OutboxMark(DateTimeOffset BegunAt, bool IsPosted, string? MessageId);
