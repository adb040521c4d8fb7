using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Rollouts.Approvals.Channels;
using Rollouts.Approvals.Settings;

namespace Rollouts.Approvals.Slack;

/// <summary>Slack's Web API; those methods that are needed here.</summary>
internal sealed class SlackClient(IHttpClientFactory clients, SlackSettings settings)
{
    private const int MostPages = 5;

    private readonly string? token = Secret.Read(settings.BotToken, settings.BotTokenFile);

    /// <summary>Posts a message; answers its <c>ts</c>.</summary>
    /// <exception cref="ChatException">It was not posted, or it is not known whether it was.</exception>
    public async Task<string> PostAsync(string channel, SlackMessage message, string? threadTs, CancellationToken cancellationToken)
    {
        SlackPost post = new() { Channel = channel, ThreadTs = threadTs, Text = message.Text, Blocks = message.Blocks, Metadata = message.Metadata };
        SlackAnswer answer = await CallAsync("chat.postMessage", Json(post, SlackJson.Default.SlackPost), cancellationToken).ConfigureAwait(false);
        return answer.Ts ?? throw new ChatException(FailureKind.Transient, "Slack took the message and did not name it", isCertain: false);
    }

    /// <summary>Changes a message. The same change again changes nothing.</summary>
    public Task UpdateAsync(string channel, string ts, SlackMessage message, CancellationToken cancellationToken)
    {
        SlackPost post = new() { Channel = channel, Ts = ts, Text = message.Text, Blocks = message.Blocks, Metadata = message.Metadata };
        return CallAsync("chat.update", Json(post, SlackJson.Default.SlackPost), cancellationToken);
    }

    /// <summary>Finds a post of ours in a channel by its metadata; null when it is not among the messages since then. Replies in threads are not among them.</summary>
    /// <remarks>Needs the scope <c>channels:history</c>, as <see cref="FindReplyAsync"/> does.</remarks>
    public Task<string?> FindAsync(string channel, SlackMetadata metadata, DateTimeOffset since, CancellationToken cancellationToken) =>
        FindAsync("conversations.history", $"channel={Uri.EscapeDataString(channel)}", metadata, since, cancellationToken);

    /// <summary>Finds a post of ours among the replies to a message; null when it is not among those since then.</summary>
    /// <exception cref="ChatException">Kind Forbidden: the token may not read it. Kind NotFound: the message is gone.</exception>
    public Task<string?> FindReplyAsync(string channel, string threadTs, SlackMetadata metadata, DateTimeOffset since, CancellationToken cancellationToken) => FindAsync(
        "conversations.replies", $"channel={Uri.EscapeDataString(channel)}&ts={Uri.EscapeDataString(threadTs)}", metadata, since, cancellationToken);

    private async Task<string?> FindAsync(string method, string where, SlackMetadata metadata, DateTimeOffset since, CancellationToken cancellationToken)
    {
        string? cursor = null;
        for (int page = 0; page < MostPages; page++)
        {
            string query = $"{where}&oldest={since.ToUnixTimeSeconds()}&inclusive=true&include_all_metadata=true&limit=200"
                + (cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}");
            SlackAnswer answer = await AskAsync(method, query, cancellationToken).ConfigureAwait(false);
            if (answer.Messages?.FirstOrDefault(m => m.Metadata == metadata) is { Ts: { } ts })
            {
                return ts;
            }

            cursor = answer.ResponseMetadata?.NextCursor;
            if (!answer.HasMore || string.IsNullOrEmpty(cursor))
            {
                return null;
            }
        }

        throw new ChatException(FailureKind.Transient, "there are too many messages to look for the post", isCertain: true);
    }

    /// <summary>The members of a user group. Needs the scope <c>usergroups:read</c>.</summary>
    public async Task<IReadOnlyList<string>> MembersAsync(string group, CancellationToken cancellationToken) =>
        (await AskAsync("usergroups.users.list", $"usergroup={Uri.EscapeDataString(group)}", cancellationToken).ConfigureAwait(false)).Users ?? [];

    /// <summary>The mail address of a user; null when there is none. Needs the scopes <c>users:read</c> and <c>users:read.email</c>.</summary>
    public async Task<string?> MailAsync(string user, CancellationToken cancellationToken) =>
        (await AskAsync("users.info", $"user={Uri.EscapeDataString(user)}", cancellationToken).ConfigureAwait(false)).User?.Profile?.Email;

    /// <summary>Answers whoever pressed a button or gave a command. An address that is not Slack's is not written to.</summary>
    public async Task ReplyAsync(string responseUrl, string text, CancellationToken cancellationToken)
    {
        if (!responseUrl.StartsWith(settings.ResponseAddress, StringComparison.Ordinal) || !Uri.TryCreate(responseUrl, UriKind.Absolute, out Uri? address))
        {
            throw new ChatException(FailureKind.Invalid, "the response URL is not one of Slack's", isCertain: true);
        }

        using HttpRequestMessage request = new(HttpMethod.Post, address) { Content = Json(new SlackReply(SlackText.Escape(text)), SlackJson.Default.SlackReply) };
        await clients.CreateClient(ChatHttp.Client).SendAsync("Slack", request, cancellationToken).ConfigureAwait(false);
    }

    private Task<SlackAnswer> CallAsync(string method, HttpContent content, CancellationToken cancellationToken) =>
        SendAsync(method, new HttpRequestMessage(HttpMethod.Post, settings.ApiAddress + method) { Content = content }, cancellationToken);

    private Task<SlackAnswer> AskAsync(string method, string query, CancellationToken cancellationToken) =>
        SendAsync(method, new HttpRequestMessage(HttpMethod.Get, $"{settings.ApiAddress}{method}?{query}"), cancellationToken);

    private async Task<SlackAnswer> SendAsync(string method, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using (request)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Bearer", token ?? throw new ChatException(FailureKind.Invalid, "there is no Slack bot token", isCertain: true));
            string body = await clients.CreateClient(ChatHttp.Client).SendAsync($"Slack's {method}", request, cancellationToken).ConfigureAwait(false);
            SlackAnswer answer = Read(method, body);
            return answer.Ok ? answer : throw Refused(method, answer.Error ?? "an unknown error");
        }
    }

    private static SlackAnswer Read(string method, string body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, SlackJson.Default.SlackAnswer)!;
        }
        catch (JsonException)
        {
            throw new ChatException(FailureKind.Transient, $"Slack's {method} gave an answer that is no JSON", isCertain: false);
        }
    }

    // docs.slack.dev, errors of chat.postMessage. What Slack names in so many words has not been done.
    private static ChatException Refused(string method, string error)
    {
        FailureKind kind = error switch
        {
            "ratelimited" or "rate_limited" or "internal_error" or "fatal_error" or "service_unavailable" or "request_timeout" => FailureKind.Transient,
            "invalid_auth" or "not_authed" or "token_revoked" or "token_expired" or "account_inactive" or "missing_scope" or "not_in_channel"
                or "not_allowed_token_type" or "no_permission" or "access_denied" => FailureKind.Forbidden,
            "channel_not_found" or "is_archived" or "message_not_found" or "thread_not_found" or "user_not_found" => FailureKind.NotFound,
            _ => FailureKind.Invalid,
        };
        bool isCertain = error is not ("internal_error" or "fatal_error" or "service_unavailable" or "request_timeout");
        return new ChatException(kind, $"Slack's {method} answered {SlackText.Short(error, 100)}", isCertain);
    }

    private static StringContent Json<T>(T value, JsonTypeInfo<T> form) => new(JsonSerializer.Serialize(value, form), Encoding.UTF8, "application/json");
}
