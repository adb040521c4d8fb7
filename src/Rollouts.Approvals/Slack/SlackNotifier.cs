using Rollouts.Approvals.Channels;
using Rollouts.Notifications;

namespace Rollouts.Approvals.Slack;

/// <summary>
/// Posts to Slack channels, each once. Slack takes no idempotency key (it ignores <c>client_msg_id</c>), so a post is marked in the outbox before it is sent
/// and carries its key in its metadata. An attempt of which nobody knows how it ended is left alone for <see cref="Settled"/>; then the channel is searched
/// for the post, and for a reply its thread, which the channel does not list; only if it is not there is it sent again.
/// </summary>
/// <remarks>
/// What remains: a post that Slack took and does not list a minute later, or that somebody deleted meanwhile, is posted again. Where the bot may not read the
/// channel, or the message replied to is gone, a post of unknown fate is not repeated, and the journal says so.
/// </remarks>
internal sealed class SlackNotifier(SlackClient slack, SlackMessages messages, INotificationOutbox outbox, TimeProvider time)
{
    /// <summary>Longer than any attempt lasts.</summary>
    public static readonly TimeSpan Settled = TimeSpan.FromMinutes(1);

    public async Task<NoticeReceipt> PostAsync(string channel, NoticePost post, CancellationToken cancellationToken)
    {
        if (post.MessageId is { } known)
        {
            await UpdateAsync(channel, known, post, cancellationToken).ConfigureAwait(false);
            return new NoticeReceipt(known);
        }

        string key = $"{post.Channel}|{post.Key}";
        OutboxMark? mark = await outbox.BeginAsync(post.Rollout, key, time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        return mark switch
        {
            null => await SendAsync(channel, key, post, cancellationToken).ConfigureAwait(false),
            { IsPosted: true, MessageId: { } there } => await FoundAsync(channel, key, there, post, cancellationToken).ConfigureAwait(false),
            _ => await ResolveAsync(channel, key, mark, post, cancellationToken).ConfigureAwait(false),
        };
    }

    private async Task<NoticeReceipt> ResolveAsync(string channel, string key, OutboxMark mark, NoticePost post, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (now < mark.BegunAt + Settled)
        {
            throw new ChatException(FailureKind.Transient, "an attempt to post broke off, and may still come through", isCertain: true);
        }

        string? found;
        try
        {
            found = await FindAsync(channel, post, cancellationToken).ConfigureAwait(false);
        }
        catch (ChatException refused) when (refused.Kind is FailureKind.Forbidden or FailureKind.NotFound)
        {
            return new NoticeReceipt(null, InDoubt: true);
        }

        if (found is not null)
        {
            return await FoundAsync(channel, key, found, post, cancellationToken).ConfigureAwait(false);
        }

        return await outbox.TryTakeOverAsync(post.Rollout, key, mark, now, cancellationToken).ConfigureAwait(false)
            ? await SendAsync(channel, key, post, cancellationToken).ConfigureAwait(false)
            : throw new ChatException(FailureKind.Transient, "somebody else is posting it", isCertain: true);
    }

    /// <summary>A reply stands in its thread; an attempt from before there was a message to reply to went to the channel.</summary>
    private async Task<string?> FindAsync(string channel, NoticePost post, CancellationToken cancellationToken)
    {
        SlackMetadata metadata = messages.Write(post).Metadata!;
        DateTimeOffset since = post.Since - Settled;
        string? reply = post.ReplyTo is { } thread
            ? await slack.FindReplyAsync(channel, thread, metadata, since, cancellationToken).ConfigureAwait(false)
            : null;
        return reply ?? await slack.FindAsync(channel, metadata, since, cancellationToken).ConfigureAwait(false);
    }

    private async Task<NoticeReceipt> FoundAsync(string channel, string key, string ts, NoticePost post, CancellationToken cancellationToken)
    {
        await outbox.CompleteAsync(post.Rollout, key, ts, cancellationToken).ConfigureAwait(false);

        // What is there may be an older form.
        await UpdateAsync(channel, ts, post, cancellationToken).ConfigureAwait(false);
        return new NoticeReceipt(ts);
    }

    private async Task<NoticeReceipt> SendAsync(string channel, string key, NoticePost post, CancellationToken cancellationToken)
    {
        string ts;
        try
        {
            ts = await WithOrWithoutChartAsync(
                post, message => slack.PostAsync(channel, message, post.ReplyTo, cancellationToken)).ConfigureAwait(false);
        }
        catch (ChatException refused) when (refused.IsCertain)
        {
            await outbox.WithdrawAsync(post.Rollout, key, cancellationToken).ConfigureAwait(false);
            throw;
        }

        await outbox.CompleteAsync(post.Rollout, key, ts, cancellationToken).ConfigureAwait(false);
        return new NoticeReceipt(ts);
    }

    private Task UpdateAsync(string channel, string ts, NoticePost post, CancellationToken cancellationToken) => WithOrWithoutChartAsync(
        post,
        async message =>
        {
            await slack.UpdateAsync(channel, ts, message, cancellationToken).ConfigureAwait(false);
            return ts;
        });

    /// <summary>Slack refuses a message whose picture it can't fetch; the question is worth more than the picture.</summary>
    private async Task<string> WithOrWithoutChartAsync(NoticePost post, Func<SlackMessage, Task<string>> send)
    {
        SlackMessage message = messages.Write(post);
        try
        {
            return await send(message).ConfigureAwait(false);
        }
        catch (ChatException refused) when (refused is { Kind: FailureKind.Invalid, IsCertain: true } && message.Blocks.Any(b => b is ImageBlock))
        {
            return await send(messages.Write(post, withChart: false)).ConfigureAwait(false);
        }
    }
}
