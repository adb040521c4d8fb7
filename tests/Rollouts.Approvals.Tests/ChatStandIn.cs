using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Rollouts.Approvals.Tests;

/// <summary>
/// Stands in for Slack's Web API and a Teams workflow on a free port of 127.0.0.1: records what it takes, and fails, hangs, breaks off and limits as they do.
/// </summary>
public sealed class ChatStandIn : IAsyncDisposable
{
    private readonly WebApplication app;
    private int number;

    private ChatStandIn(WebApplication app) => this.app = app;

    /// <summary>What becomes of the next posts, in order; without one they are taken.</summary>
    public ConcurrentQueue<Fate> Fates { get; } = new();

    /// <summary>Messages in the channel, by <c>ts</c>.</summary>
    public ConcurrentDictionary<string, JsonNode> Messages { get; } = new();

    /// <summary>Cards that the workflow took.</summary>
    public ConcurrentQueue<JsonNode> Cards { get; } = new();

    /// <summary>What response URLs were sent.</summary>
    public ConcurrentQueue<string> Replies { get; } = new();

    /// <summary>How often each method was called.</summary>
    public ConcurrentDictionary<string, int> Calls { get; } = new();

    /// <summary>What the methods that read answer instead, for instance <c>missing_scope</c>.</summary>
    public string? ReadError { get; set; }

    /// <summary>What a 429 says of when to come back.</summary>
    public string RetryAfter { get; set; } = "1";

    public IReadOnlyList<string> GroupMembers { get; set; } = [];

    public string Address => app.Urls.First();

    public static async Task<ChatStandIn> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        ChatStandIn chat = new(app);
        app.MapPost("/api/chat.postMessage", chat.PostAsync);
        app.MapPost("/api/chat.update", chat.UpdateAsync);
        app.MapGet("/api/conversations.history", (HttpContext http) => chat.Read("conversations.history", http, chat.History));
        app.MapGet("/api/conversations.replies", (HttpContext http) => chat.Read("conversations.replies", http, chat.ThreadOf));
        app.MapGet("/api/usergroups.users.list", (HttpContext http) => chat.Read("usergroups.users.list", http, _ => new JsonObject
        {
            ["ok"] = true,
            ["users"] = new JsonArray([.. chat.GroupMembers.Select(m => JsonValue.Create(m))]),
        }));
        app.MapGet("/api/users.info", (HttpContext http) => chat.Read("users.info", http, h => new JsonObject
        {
            ["ok"] = true,
            ["user"] = new JsonObject { ["profile"] = new JsonObject { ["email"] = $"{h.Request.Query["user"]}@example.com".ToLowerInvariant() } },
        }));
        app.MapPost("/hooks/{id}", async (HttpContext http) =>
        {
            chat.Replies.Enqueue((await BodyAsync(http))["text"]!.GetValue<string>());
            return Results.Text("ok");
        });
        app.MapPost("/workflow", chat.CardAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return chat;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task PostAsync(HttpContext http)
    {
        Count("chat.postMessage");
        JsonNode message = await BodyAsync(http);
        if (http.Request.Headers.Authorization != "Bearer xoxb-1")
        {
            await Refuse(http, "invalid_auth");
            return;
        }

        string ts = $"{1767355200 + Interlocked.Increment(ref number)}.000100";
        await MeetAsync(http, () => Messages[ts] = message, new JsonObject { ["ok"] = true, ["ts"] = ts });
    }

    private async Task UpdateAsync(HttpContext http)
    {
        Count("chat.update");
        JsonNode message = await BodyAsync(http);
        string ts = message["ts"]!.GetValue<string>();
        if (!Messages.TryGetValue(ts, out JsonNode? before))
        {
            await Refuse(http, "message_not_found");
            return;
        }

        await MeetAsync(http, () => Messages[ts] = InThread(message, before["thread_ts"]), new JsonObject { ["ok"] = true, ["ts"] = ts });
    }

    private static JsonNode InThread(JsonNode message, JsonNode? thread)
    {
        message["thread_ts"] = thread?.DeepClone();
        return message;
    }

    private async Task CardAsync(HttpContext http)
    {
        Count("workflow");
        JsonNode card = await BodyAsync(http);
        http.Response.StatusCode = StatusCodes.Status202Accepted;
        await MeetAsync(http, () => Cards.Enqueue(card), []);
    }

    private async Task MeetAsync(HttpContext http, Action take, JsonObject answer)
    {
        Fate fate = Fates.TryDequeue(out Fate given) ? given : Fate.Taken;
        if (fate is Fate.Taken or Fate.TakenThenBroken or Fate.TakenThenSilent or Fate.TakenThen500)
        {
            take();
        }

        switch (fate)
        {
            case Fate.Taken:
                await http.Response.WriteAsync(answer.ToJsonString());
                break;
            case Fate.RateLimited:
                http.Response.Headers.RetryAfter = RetryAfter;
                http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
                break;
            case Fate.Refused:
                await Refuse(http, "invalid_blocks");
                break;
            case Fate.TakenThenBroken or Fate.Broken:
                http.Abort();
                break;
            case Fate.TakenThenSilent:
                await Task.Delay(TimeSpan.FromSeconds(20), http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                break;
            default:
                http.Response.StatusCode = StatusCodes.Status500InternalServerError;
                break;
        }
    }

    private IResult Read(string method, HttpContext http, Func<HttpContext, JsonObject> answer)
    {
        Count(method);
        return Results.Text((ReadError is { } error ? new JsonObject { ["ok"] = false, ["error"] = error } : answer(http)).ToJsonString());
    }

    // As Slack's, the history of a channel has no replies.
    private JsonObject History(HttpContext http) =>
        Page(http, [.. Messages.Where(m => m.Value["thread_ts"] is null).OrderByDescending(m => m.Key, StringComparer.Ordinal)]);

    private JsonObject ThreadOf(HttpContext http)
    {
        string parent = http.Request.Query["ts"].ToString();
        return Messages.ContainsKey(parent)
            ? Page(http, [.. Messages.Where(m => m.Key == parent || m.Value["thread_ts"]?.GetValue<string>() == parent).OrderBy(m => m.Key, StringComparer.Ordinal)])
            : new JsonObject { ["ok"] = false, ["error"] = "thread_not_found" };
    }

    private static JsonObject Page(HttpContext http, KeyValuePair<string, JsonNode>[] all)
    {
        // Two a page, so that turning pages is tested too.
        int from = int.TryParse(http.Request.Query["cursor"], NumberStyles.None, CultureInfo.InvariantCulture, out int cursor) ? cursor : 0;
        bool more = all.Length > from + 2;
        return new JsonObject
        {
            ["ok"] = true,
            ["messages"] = new JsonArray([.. all.Skip(from).Take(2).Select(m => new JsonObject { ["ts"] = m.Key, ["metadata"] = m.Value["metadata"]?.DeepClone() })]),
            ["has_more"] = more,
            ["response_metadata"] = new JsonObject { ["next_cursor"] = more ? $"{from + 2}" : "" },
        };
    }

    private void Count(string method) => Calls.AddOrUpdate(method, 1, (_, n) => n + 1);

    private static Task Refuse(HttpContext http, string error) => http.Response.WriteAsync(new JsonObject { ["ok"] = false, ["error"] = error }.ToJsonString());

    private static async Task<JsonNode> BodyAsync(HttpContext http) => (await JsonNode.ParseAsync(http.Request.Body))!;
}

/// <summary>What becomes of a post.</summary>
public enum Fate
{
    /// <summary>Taken, and said so.</summary>
    Taken,

    /// <summary>429.</summary>
    RateLimited,

    /// <summary>Understood and not wanted.</summary>
    Refused,

    /// <summary>Taken, and the connection breaks before that is said.</summary>
    TakenThenBroken,

    /// <summary>Taken, and nothing is said.</summary>
    TakenThenSilent,

    /// <summary>Taken, and a failure is said.</summary>
    TakenThen500,

    /// <summary>Not taken, and the connection breaks.</summary>
    Broken,

    /// <summary>Not taken, and a failure is said.</summary>
    Failed,
}
