using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Rollouts.Embedded;
using Rollouts.Embedded.Tests;
using Rollouts.Engine;
using Rollouts.Http.Access;
using Rollouts.Journal;
using Rollouts.Ledger;
using Rollouts.Machine;
using Rollouts.Manifests;

namespace Rollouts.Http.Tests.Dashboard;

/// <summary>The dashboard over the embedded engine, on a cluster and a metric store that answer as told; or over an engine that shows given rollouts.</summary>
internal sealed class DashboardServer : IAsyncDisposable
{
    public const string Token = "0123456789abcdef0123456789abcdef";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("rollouts-dashboard-");
    private readonly CancellationTokenSource stop = new();
    private EmbeddedEngine? embedded;
    private Task running = Task.CompletedTask;
    private WebApplication? app;

    public FakeCluster Cluster { get; } = new();

    public FakeMetrics Metrics { get; } = new();

    public FakeDeployments Deployments { get; } = new();

    public EmbeddedEngine Engine => embedded ?? throw new InvalidOperationException("this server shows given rollouts");

    public SharedToken Access { get; } = new(Token, "jo", new AccessRoles());

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>On the embedded engine.</summary>
    public static async Task<DashboardServer> RunAsync()
    {
        DashboardServer server = new();
        server.embedded = await EmbeddedEngine.OpenAsync(
            new EmbeddedOptions { Path = Path.Combine(server.folder.FullName, "rollouts.db") },
            new EffectPorts(server.Cluster, server.Cluster, server.Metrics, server.Deployments),
            TimeProvider.System,
            NullLogger.Instance,
            Cancellation);
        server.running = Task.Run(() => server.embedded.RunAsync(server.stop.Token), CancellationToken.None);
        await server.ListenAsync(server.embedded, server.embedded.Ledger, null);
        return server;
    }

    /// <summary>On given rollouts.</summary>
    public static async Task<DashboardServer> ShowAsync(IRolloutEngine engine, IRolloutLedger ledger, IPrincipalSource? principals = null)
    {
        DashboardServer server = new();
        await server.ListenAsync(engine, ledger, principals);
        return server;
    }

    public async Task<string> StartAsync(Release release) => (await Engine.StartAsync(release, "pipeline", Cancellation)).Status!.Id;

    public async Task<RolloutStatus> WaitAsync(string id, Predicate<RolloutStatus> until)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        return await Engine.WaitAsync(id, until, limit.Token) ?? throw new InvalidOperationException($"no rollout {id}");
    }

    public Task DecideAsync(string id, Command command) => Engine.DecideAsync(
        id, new Decision { Id = $"{Guid.NewGuid()}", Command = command, By = "sam", At = TimeProvider.System.GetUtcNow() }, Cancellation);

    public async ValueTask DisposeAsync()
    {
        await (app?.DisposeAsync() ?? ValueTask.CompletedTask);
        await stop.CancelAsync();
        await running;
        await (embedded?.DisposeAsync() ?? ValueTask.CompletedTask);
        stop.Dispose();
        folder.Delete(recursive: true);
    }

    private async Task ListenAsync(IRolloutEngine engine, IRolloutLedger ledger, IPrincipalSource? principals)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.Configure<HostOptions>(h => h.ShutdownTimeout = TimeSpan.FromSeconds(1));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(engine);
        builder.Services.AddSingleton(ledger);
        builder.Services.AddSingleton(Access);
        builder.Services.AddSingleton(new AccessPolicy(principals ?? Access, new AccessRoles()));
        builder.Services.AddRolloutPages();
        app = builder.Build();
        app.UseLoopbackOnly();
        app.MapRollouts();
        app.MapSignIn();
        await app.StartAsync(Cancellation);
        Address = new Uri(app.Urls.First());
    }
}
