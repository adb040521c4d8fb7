using System.Text;
using System.Text.Json;
using Rollouts.Approvals.Channels;
using Rollouts.Notifications;

namespace Rollouts.Approvals.Teams;

/// <summary>
/// Posts to Teams over a workflow's webhook. It names no message, so nothing can be brought up to date: a card for the question, and another one once it is
/// closed. Votes in between are not told.
/// </summary>
/// <remarks>
/// Nor can it be asked what it posted. Every form of a post is marked in the outbox before it is sent; an attempt of which nobody knows how it ended is never
/// repeated, and the journal says that the card may be missing. Posted twice is what does not happen.
/// </remarks>
internal sealed class TeamsNotifier(IHttpClientFactory clients, TeamsCards cards, INotificationOutbox outbox, TimeProvider time)
{
    /// <summary>Longer than any attempt lasts.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(1);

    public async Task<NoticeReceipt> PostAsync(string address, NoticePost post, CancellationToken cancellationToken)
    {
        if (post is { Version: > 1, End: null })
        {
            return new NoticeReceipt(null);
        }

        string key = $"{post.Channel}|{post.Key}|{(post.End is null ? "first" : "last")}";
        OutboxMark? mark = await outbox.BeginAsync(post.Rollout, key, time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        switch (mark)
        {
            case { IsPosted: true }:
                return new NoticeReceipt(null);
            case not null when time.GetUtcNow() < mark.BegunAt + Settled:
                throw new ChatException(FailureKind.Transient, "an attempt to post broke off, and may still come through", isCertain: true);
            case not null:
                return new NoticeReceipt(null, InDoubt: true);
        }

        try
        {
            using HttpRequestMessage request = new(HttpMethod.Post, address)
            {
                Content = new StringContent(JsonSerializer.Serialize(cards.Write(post), TeamsJson.Default.TeamsMessage), Encoding.UTF8, "application/json"),
            };
            await clients.CreateClient(ChatHttp.Client).SendAsync("the Teams workflow", request, cancellationToken).ConfigureAwait(false);
        }
        catch (ChatException refused) when (refused.IsCertain)
        {
            await outbox.WithdrawAsync(post.Rollout, key, cancellationToken).ConfigureAwait(false);
            throw;
        }

        await outbox.CompleteAsync(post.Rollout, key, null, cancellationToken).ConfigureAwait(false);
        return new NoticeReceipt(null);
    }
}
