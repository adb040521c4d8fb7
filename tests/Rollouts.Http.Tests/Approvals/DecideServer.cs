using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Rollouts.Approvals;
using Rollouts.Approvals.Links;
using Rollouts.Approvals.Settings;
using Rollouts.Engine;
using Rollouts.Http.Access;
using Rollouts.Http.Approvals;

namespace Rollouts.Http.Tests.Approvals;

/// <summary>
/// The confirm page on a socket, as the embedded server serves it, under a name that is not the loopback's. It keeps every line that is logged, at any level,
/// and what an access log would have.
/// </summary>
internal sealed class DecideServer : IPrincipalSource, ILoggerProvider, IAsyncDisposable
{
    private readonly ConcurrentQueue<string> logged = new();
    private WebApplication? app;

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 2, 12, 0, 0, TimeSpan.Zero));

    /// <summary>Where people reach it: a name below localhost, which browsers trust as they trust https.</summary>
    public Uri Address { get; private set; } = null!;

    public LinkSigner Links { get; private set; } = null!;

    /// <summary>Who is signed in; null nobody.</summary>
    public ClaimsPrincipal? SignedIn { get; set; }

    /// <summary>Log lines, request lines and request headers.</summary>
    public IReadOnlyCollection<string> Logged => logged;

    public static async Task<DecideServer> StartAsync(Func<TimeProvider, IRolloutEngine> engine)
    {
        DecideServer server = new();
        await server.ListenAsync(engine(server.Time));
        return server;
    }

    /// <summary>A link as it stands in a message, to a question of a rollout.</summary>
    public Uri Link(string rollout, DateTimeOffset? closesAt = null) => Links.PageOf(rollout, "q1", closesAt);

    public ClaimsPrincipal? Identify(HttpContext http) => SignedIn;

    /// <summary>Somewhere else, as Entra's is.</summary>
    public IResult SignIn(HttpContext http) => Results.Redirect(
        $"http://127.0.0.1:{Address.Port}/login?back={Uri.EscapeDataString($"{http.Request.Path}{http.Request.QueryString}")}");

    public ILogger CreateLogger(string categoryName) => new Line(this, categoryName);

    public void Dispose()
    {
    }

    public async ValueTask DisposeAsync() => await (app?.DisposeAsync() ?? ValueTask.CompletedTask);

    private async Task ListenAsync(IRolloutEngine engine)
    {
        int port = FreePort();
        Address = new Uri($"http://rollouts.localhost:{port}/");
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(this).SetMinimumLevel(LogLevel.Trace);
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Services.Configure<HostOptions>(h => h.ShutdownTimeout = TimeSpan.FromSeconds(1));
        builder.Services.AddSingleton<TimeProvider>(Time);
        builder.Services.AddSingleton(engine);
        builder.Services.AddSingleton<IPrincipalSource>(this);
        builder.Services.AddApprovals(new ApprovalSettings
        {
            Links = new LinkSettings
            {
                PublicAddress = Address.ToString(),
                Keys = [new LinkKeySettings { Id = "k1", Secret = Convert.ToBase64String(SHA256.HashData("one"u8)) }],
            },
        });
        builder.Services.AddApprovalHandlers();
        app = builder.Build();
        app.Use((http, next) =>
        {
            logged.Enqueue($"{http.Request.Method} {http.Request.Path}{http.Request.QueryString} {string.Join(", ", http.Request.Headers.Select(h => $"{h.Key}={h.Value}"))}");
            return next(http);
        });
        app.UseLoopbackOnly(Address);
        app.MapApprovals();
        app.MapGet("/login", (string back) =>
        {
            SignedIn = new ClaimsPrincipal(new ClaimsIdentity([new Claim("oid", "e1"), new Claim(ClaimTypes.Name, "kim@example.com")], "aad"));
            return Results.Redirect(new Uri(Address, back).ToString());
        });
        Links = app.Services.GetRequiredService<ApprovalDesk>().Links!;
        await app.StartAsync(TestContext.Current.CancellationToken);
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed class Line(DecideServer server, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            server.logged.Enqueue($"{category} scope {state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            server.logged.Enqueue($"{category} {formatter(state, exception)} {exception}");
    }
}
