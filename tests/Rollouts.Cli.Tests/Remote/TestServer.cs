using Microsoft.Extensions.Logging.Abstractions;
using Rollouts.Cli.Local;
using Rollouts.Embedded;
using Rollouts.Embedded.Tests;

namespace Rollouts.Cli.Tests.Remote;

/// <summary>The server of <c>rollouts serve</c> on a cluster and a metric store that answer as told; can be restarted on its port and its state.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    public const string Key = "0123456789abcdef0123456789abcdef";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("rollouts-server-");
    private CancellationTokenSource stop = new();
    private EmbeddedEngine? engine;
    private LoopbackServer? server;
    private Task running = Task.CompletedTask;

    public FakeCluster Cluster { get; } = new();

    public FakeMetrics Metrics { get; } = new();

    public FakeDeployments Deployments { get; } = new();

    public Uri Address { get; private set; } = new("http://127.0.0.1:0");

    public static async Task<TestServer> OpenAsync()
    {
        TestServer opened = new();
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
        server = await LoopbackServer.StartAsync(engine, Address.Port, Key, TestContext.Current.CancellationToken);
        Address = server.Address;
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
