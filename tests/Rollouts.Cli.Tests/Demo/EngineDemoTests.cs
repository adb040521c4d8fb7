using System.Net;
using System.Net.Sockets;
using Rollouts.Cli.Demo;
using Rollouts.Cli.Remote;
using Rollouts.Cli.Tests.Processes;
using Rollouts.Cli.Tests.Remote;
using Rollouts.Sandbox.Processes;

namespace Rollouts.Cli.Tests.Demo;

/// <summary>Demos whose release runs on an engine in another process, which looks for the sandbox at its fixed ports.</summary>
public sealed class EngineDemoTests : IDisposable
{
    private readonly TemporaryFiles files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public async Task Engine_OfAnotherProcess_RunsTheReleaseOfEveryDemo()
    {
        string kubeconfig = files.Write("kubeconfig.yaml", $$"""
            apiVersion: v1
            kind: Config
            current-context: sandbox
            clusters: [{ name: sandbox, cluster: { server: "http://127.0.0.1:{{EngineSandbox.ApiPort}}" } }]
            users: [{ name: sandbox, user: { token: sandbox } }]
            contexts: [{ name: sandbox, context: { cluster: sandbox, user: sandbox } }]
            """);

        // The engine comes up after the demo, as one does that is built first.
        Uri address = new($"http://127.0.0.1:{LoopbackPorts.Take()}");
        Task<CliRun> first = DemoAsync(address, "good");
        await Task.Delay(TimeSpan.FromSeconds(8), TestContext.Current.CancellationToken);
        await using ServeProcess engine = await ServeProcess
            .StartAsync(files.PathOf("rollouts.db"), kubeconfig, address.Port, "--prometheus", $"http://127.0.0.1:{EngineSandbox.PrometheusPort}");

        CliRun good = await first;
        CliRun bad = await DemoAsync(engine.Address, "bad");
        CliRun asked = await DemoAsync(engine.Address, "degraded", "--fail-on-pause");

        Assert.True((good.ExitCode, bad.ExitCode, asked.ExitCode) == (0, 1, 4), good.Error + bad.Error + asked.Error);
        Assert.Contains("Promoted after", good.Out, StringComparison.Ordinal);
        Assert.Contains($"waiting for the engine at {address}", good.Out, StringComparison.Ordinal);
        Assert.Contains($"--server {$"{engine.Address}".TrimEnd('/')}", asked.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Engine_PortIsTaken_SaysWhichAndWhatToDo()
    {
        using TcpListener other = new(IPAddress.Loopback, EngineSandbox.ApiPort);
        other.Start();

        CliRun run = await DemoAsync(new Uri("http://127.0.0.1:9"), "good");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains($"--engine needs the ports {EngineSandbox.ApiPort} and {EngineSandbox.PrometheusPort}", run.Error, StringComparison.Ordinal);
        Assert.Contains("another demo", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Engine_NotThere_IsNoticed()
    {
        using RemoteServer server = new(new Uri($"http://127.0.0.1:{LoopbackPorts.Take()}"), null);

        Assert.False(await server.AnswersAsync(TimeSpan.FromSeconds(2), TimeProvider.System, TestContext.Current.CancellationToken));
    }

    private static Task<CliRun> DemoAsync(Uri engine, params string[] more) =>
        CliRun.RunAsync(["demo", .. more, "--engine", $"{engine}", "--key", TestServer.Key]);
}
