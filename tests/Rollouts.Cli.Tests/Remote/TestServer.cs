using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Rollouts.Cli.Local;
using Rollouts.Embedded;
using Rollouts.Embedded.Tests;
using Rollouts.Engine;
using Rollouts.Http;
using Rollouts.Http.Access;
using Rollouts.Manifests;

namespace Rollouts.Cli.Tests.Remote;

/// <summary>The server of <c>rollouts serve</c> on a cluster and a metric store that answer as told; can be restarted on its port and its state.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    public const string Key = "0123456789abcdef0123456789abcdef";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("rollouts-server-");
    private CancellationTokenSource stop = new();
    private EmbeddedEngine? engine;
    private IAsyncDisposable? server;
    private Task running = Task.CompletedTask;

    public FakeCluster Cluster { get; } = new();

    public FakeMetrics Metrics { get; } = new();

    public FakeDeployments Deployments { get; } = new();

    public Uri Address { get; private set; } = new("http://127.0.0.1:0");

    /// <summary>What whoever sends the key may do, as roles; null everything.</summary>
    public IReadOnlyList<string>? Roles { get; private set; }

    /// <summary>Whether the key is taken.</summary>
    public bool IsKeyTaken { get; set; } = true;

    public static async Task<TestServer> OpenAsync(params string[] roles)
    {
        TestServer opened = new() { Roles = roles.Length == 0 ? null : roles };
        await opened.StartAsync();
        return opened;
    }

    public async Task StartAsync()
    {
        engine = await EmbeddedEngine.OpenAsync(
            new EmbeddedOptions { Path = Path.Combine(folder.FullName, "rollouts.db") },
            new EffectPorts(Cluster, Cluster, Metrics, Deployments),
            TimeProvider.System,
            NullLogger.Instance,
            TestContext.Current.CancellationToken);
        CancellationToken token = stop.Token;
        EmbeddedEngine started = engine;
        running = Task.Run(() => started.RunAsync(token), CancellationToken.None);
        if (Roles is null)
        {
            LoopbackServer loopback = await LoopbackServer.StartAsync(engine, Address.Port, Key, TestContext.Current.CancellationToken);
            (server, Address) = (loopback, loopback.Address);
        }
        else
        {
            WebApplication app = await HostAsync(engine, Roles);
            (server, Address) = (app, new Uri(app.Urls.First()));
        }
    }

    /// <summary>The API as an app with roles has it.</summary>
    private async Task<WebApplication> HostAsync(EmbeddedEngine hosted, IReadOnlyList<string> roles)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{Address.Port}");
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IRolloutEngine>(hosted);
        builder.Services.AddSingleton(hosted.Ledger);
        builder.Services.AddSingleton(new AccessPolicy(new OnePrincipal(this, roles), new AccessRoles()));
        builder.Services.AddSingleton<ITemplateSource>(new TemplateSources([]));
        builder.Services.AddRolloutPages();
        WebApplication app = builder.Build();
        app.MapRollouts();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private sealed class OnePrincipal(TestServer server, IReadOnlyList<string> roles) : IPrincipalSource
    {
        public ClaimsPrincipal? Identify(HttpContext http) => server.IsKeyTaken && http.Request.Headers.Authorization == $"Bearer {Key}"
            ? new ClaimsPrincipal(new ClaimsIdentity([.. roles.Select(r => new Claim("roles", r))], "Entra", "name", "roles"))
            : null;

        public IResult SignIn(HttpContext http) => Results.Unauthorized();
    }

    public async Task StopAsync()
    {
        await (server?.DisposeAsync() ?? ValueTask.CompletedTask);
        await stop.CancelAsync();
        await running;
        await (engine?.DisposeAsync() ?? ValueTask.CompletedTask);
        server = null;
        engine = null;
        stop.Dispose();
        stop = new CancellationTokenSource();
    }

    /// <summary>A command against this server, with its key.</summary>
    public Task<CliRun> RunAsync(params string[] args) => CliRun.RunAsync([.. args, "--server", Address.ToString(), "--key", Key]);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        stop.Dispose();
        folder.Delete(recursive: true);
    }
}
