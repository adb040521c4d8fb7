namespace Rollouts.Notifications;

/// <summary>Shows notices in channels.</summary>
public interface INotifier
{
    /// <summary>
    /// Makes the channel show a post: posts it once, and brings it up to date from then on. The same post again, also from another process that does not
    /// know of the first, does not post it twice.
    /// </summary>
    /// <exception cref="PortException">
    /// The channel does not show it. <see cref="FailureKind.Invalid"/> and <see cref="FailureKind.NotFound"/>: trying again does not help.
    /// </exception>
    Task<NoticeReceipt> PostAsync(NoticePost post, CancellationToken cancellationToken);
}

/// <summary>What became of a post.</summary>
/// <param name="MessageId">What the channel calls it; null where it gives no name.</param>
/// <param name="InDoubt">
/// An attempt broke off and the channel can't say whether it came through. It is not tried again, so that nothing is posted twice.
/// </param>
public sealed record NoticeReceipt(string? MessageId, bool InDoubt = false);
