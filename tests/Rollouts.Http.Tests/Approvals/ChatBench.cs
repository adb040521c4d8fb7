using System.Collections.Concurrent;
using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Rollouts.Approvals;
using Rollouts.Approvals.Channels;
using Rollouts.Approvals.Links;
using Rollouts.Approvals.Settings;
using Rollouts.Http.Access;
using Rollouts.Http.Approvals;
using Rollouts.Policy;

namespace Rollouts.Http.Tests.Approvals;

/// <summary>The handlers of chat and of signed links on the real machine, with a clock that stands still and a place where answers to Slack arrive.</summary>
internal sealed class ChatBench : IPrincipalSource, IDisposable
{
    public const string SigningSecret = "8f742231b10e8888abcd99yyyzzz85a5";
    public const string OutgoingToken = "AQIDBAUGBwg=";

    private readonly ServiceProvider services;

    /// <param name="approval">What the release's policy asks for.</param>
    /// <param name="users">Who may use buttons and commands at all, by id; empty everybody of the workspace.</param>
    /// <param name="groups">The same by user group.</param>
    public ChatBench(ApprovalPolicy? approval = null, string[]? users = null, string[]? groups = null)
    {
        Engine = new MachineEngine(Time, approval);
        services = new ServiceCollection()
            .AddSingleton<TimeProvider>(Time)
            .AddApprovals(new ApprovalSettings
            {
                Slack = new SlackSettings { BotToken = "xoxb-1", SigningSecret = SigningSecret, Teams = ["T1"], Users = users ?? [], UserGroups = groups ?? [], ApiAddress = "http://slack.test/api/", ResponseAddress = "http://slack.test/hooks/" },
                Teams = new TeamsSettings { OutgoingToken = OutgoingToken },
                Links = new LinkSettings
                {
                    PublicAddress = "https://rollouts.example.com/",
                    Keys = [new LinkKeySettings { Id = "k1", Secret = Convert.ToBase64String(SHA256.HashData("one"u8)) }],
                },
            })
            .AddHttpClient(ChatHttp.Client)
            .ConfigurePrimaryHttpMessageHandler(() => new SlackEnd(this))
            .Services
            .BuildServiceProvider();
        Desk = services.GetRequiredService<ApprovalDesk>();
        Slack = new SlackCallbacks(Engine, Desk, TimeProvider.System, Log);
        Teams = new TeamsCallbacks(Engine, Desk, NullLogger<TeamsCallbacks>.Instance);
        Form = new DecideForm(Engine, Desk, this, Time);
        Charts = new ChartPictures(Engine, Desk);
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 2, 12, 0, 0, TimeSpan.Zero));

    public MachineEngine Engine { get; }

    /// <summary>What the callbacks of Slack log.</summary>
    public CallbackLog Log { get; } = new();

    public ApprovalDesk Desk { get; }

    public SlackCallbacks Slack { get; }

    public TeamsCallbacks Teams { get; }

    public DecideForm Form { get; }

    public ChartPictures Charts { get; }

    /// <summary>What was said to whoever pressed a button.</summary>
    public List<string> Replies { get; } = [];

    /// <summary>Members of every user group.</summary>
    public string[] Members { get; set; } = [];

    /// <summary>Who is signed in; null nobody.</summary>
    public ClaimsPrincipal? SignedIn { get; set; }

    public ClaimsPrincipal? Identify(HttpContext http) => SignedIn;

    public IResult SignIn(HttpContext http) => Results.Redirect("/sign-in");

    public void Dispose() => services.Dispose();

    /// <summary>The body of an interaction, as Slack writes it.</summary>
    public byte[] Press(string action, string user = "U1", string team = "T1", string? value = null, string actionTs = "1767355200.1") => Encoding.UTF8.GetBytes(
        "payload=" + Uri.EscapeDataString(new JsonObject
        {
            ["type"] = "block_actions",
            ["user"] = new JsonObject { ["id"] = user, ["username"] = "jo", ["team_id"] = team },
            ["team"] = new JsonObject { ["id"] = team },
            ["response_url"] = "http://slack.test/hooks/1",
            ["actions"] = new JsonArray(new JsonObject
            {
                ["action_id"] = action,
                ["action_ts"] = actionTs,
                ["value"] = value ?? Desk.Links!.Sign(MachineEngine.Id, "q1", action, null),
            }),
        }.ToJsonString()));

    public (string Timestamp, string Signature) Sign(byte[] body, DateTimeOffset? at = null)
    {
        string timestamp = $"{(at ?? Time.GetUtcNow()).ToUnixTimeSeconds()}";
        byte[] signed = [.. Encoding.UTF8.GetBytes($"v0:{timestamp}:"), .. body];
        return (timestamp, $"v0={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(SigningSecret), signed))}");
    }

    public Task<(int Status, string Text, IHeaderDictionary Headers)> InteractAsync(byte[] body) => SlackAsync(Slack.InteractAsync, body);

    public Task<(int Status, string Text, IHeaderDictionary Headers)> CommandAsync(string text, string user = "U1", string team = "T1", string trigger = "t1") => SlackAsync(
        Slack.CommandAsync,
        Encoding.UTF8.GetBytes(
            $"command=%2Frollouts&text={Uri.EscapeDataString(text)}&user_id={user}&user_name=jo&team_id={team}&trigger_id={trigger}&response_url={Uri.EscapeDataString("http://slack.test/hooks/2")}"));

    public static async Task<(int Status, string Text, IHeaderDictionary Headers)> SendAsync(
        Func<HttpContext, Task<IResult>> handler, byte[] body, params (string Name, string Value)[] headers)
    {
        using MemoryStream sent = new(body);
        using MemoryStream answered = new();
        DefaultHttpContext http = new() { RequestServices = EmptyServices };
        http.Request.Body = sent;
        http.Request.ContentLength = body.Length;
        http.Response.Body = answered;
        foreach ((string name, string value) in headers)
        {
            http.Request.Headers[name] = value;
        }

        await (await handler(http)).ExecuteAsync(http);
        return (http.Response.StatusCode, Encoding.UTF8.GetString(answered.ToArray()), http.Response.Headers);
    }

    private static readonly ServiceProvider EmptyServices = new ServiceCollection().AddLogging().BuildServiceProvider();

    private Task<(int Status, string Text, IHeaderDictionary Headers)> SlackAsync(Func<HttpContext, Task<IResult>> handler, byte[] body)
    {
        (string timestamp, string signature) = Sign(body);
        return SendAsync(handler, body, ("X-Slack-Request-Timestamp", timestamp), ("X-Slack-Signature", signature));
    }

    private sealed class SlackEnd(ChatBench bench) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            JsonObject answer = new() { ["ok"] = true };
            if (request.RequestUri!.AbsolutePath.StartsWith("/hooks/", StringComparison.Ordinal))
            {
                JsonNode said = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!;
                lock (bench.Replies)
                {
                    bench.Replies.Add(said["text"]!.GetValue<string>());
                }
            }
            else if (request.RequestUri.AbsolutePath.EndsWith("usergroups.users.list", StringComparison.Ordinal))
            {
                answer["users"] = new JsonArray([.. bench.Members.Select(m => JsonValue.Create(m))]);
            }
            else if (request.RequestUri.AbsolutePath.EndsWith("users.info", StringComparison.Ordinal))
            {
                answer["user"] = new JsonObject { ["profile"] = new JsonObject { ["email"] = request.RequestUri.Query.Contains("U9", StringComparison.Ordinal) ? "kim@example.com" : "jo@example.com" } };
            }

            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(answer.ToJsonString()) };
        }
    }

    /// <summary>Keeps the exceptions that are logged.</summary>
    internal sealed class CallbackLog : ILogger<SlackCallbacks>
    {
        private readonly ConcurrentQueue<Exception> faults = new();

        public IReadOnlyCollection<Exception> Faults => faults;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (exception is not null)
            {
                faults.Enqueue(exception);
            }
        }
    }
}
