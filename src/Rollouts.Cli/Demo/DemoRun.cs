using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Rollouts.Cli.Commands;
using Rollouts.Cli.Local;
using Rollouts.Cli.Output;
using Rollouts.Cli.Remote;
using Rollouts.Cli.Views;
using Rollouts.Engine;
using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Prometheus;
using Rollouts.Sandbox;
using Rollouts.Sandbox.Scenarios;
using Rollouts.Web;

namespace Rollouts.Cli.Demo;

/// <summary>Runs one demo: a sandbox with real traffic, and a release that goes through it.</summary>
internal sealed class DemoRun(CliConsole console, DemoScenario scenario, DemoSettings settings)
{
    private static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan EnginePatience = TimeSpan.FromMinutes(5);

    private readonly TrafficWindows windows = new(TimeProvider.System);
    private string? answered;
    private Task? outage;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        bool quiet = settings.Output == OutputFormat.Json;
        Say(quiet, $"{scenario.Name}: {scenario.Promise}");
        Say(quiet, "starting a Kubernetes API, nginx, Prometheus, both versions of the service, and users, all on 127.0.0.1 …");
        SandboxOptions options = new() { Stable = scenario.Stable, Canary = scenario.Canary, Workloads = scenario.Workloads };
        if (settings.Engine is not null)
        {
            options = options with { ApiPort = EngineSandbox.ApiPort, PrometheusPort = EngineSandbox.PrometheusPort };
        }

        await using SandboxCluster sandbox = await StartAsync(options, cancellationToken).ConfigureAwait(false);
        if (settings.Engine is { } away)
        {
            await AwaitAsync(away, quiet, cancellationToken).ConfigureAwait(false);
        }

        long begun = TimeProvider.System.GetTimestamp();
        RolloutStatus ended = settings.Engine is { } engine
            ? await RunRemotelyAsync(engine, sandbox, quiet, cancellationToken).ConfigureAwait(false)
            : await RunHereAsync(sandbox, quiet, cancellationToken).ConfigureAwait(false);
        await (outage ?? Task.CompletedTask).ConfigureAwait(false);
        if (ended.Outcome is not null)
        {
            await WatchTheEndAsync(ended, sandbox, cancellationToken).ConfigureAwait(false);
        }

        if (quiet)
        {
            RunCommand.Print(console, ended, settings.Output);
        }
        else
        {
            DemoSummary.Print(console, ended, windows.Close(), TimeProvider.System.GetElapsedTime(begun));
        }

        return ExitCode.Of(ended);
    }

    /// <summary>Waits for an engine that is started at the same time; to build one takes minutes.</summary>
    private async Task AwaitAsync(Uri engine, bool quiet, CancellationToken cancellationToken)
    {
        using RemoteServer server = new(engine, settings.Key);
        if (await server.AnswersAsync(FirstLook, TimeProvider.System, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        Say(quiet, $"waiting for the engine at {engine}, at most {GoDuration.Format(EnginePatience)} …");
        if (!await server.AnswersAsync(EnginePatience, TimeProvider.System, cancellationToken).ConfigureAwait(false))
        {
            throw new PortException(FailureKind.Transient, $"--engine {engine} does not answer {new Uri(server.Address, "/healthz")}: start it first");
        }
    }

    /// <exception cref="InvalidInputException">Another process has one of the ports.</exception>
    private static async Task<SandboxCluster> StartAsync(SandboxOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await SandboxCluster.StartAsync(options, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException taken) when (options.ApiPort != 0)
        {
            throw new InvalidInputException(
                $"--engine needs the ports {options.ApiPort} and {options.PrometheusPort} of 127.0.0.1, where the engine looks for the cluster and Prometheus: "
                + $"{taken.Message} Stop whatever has them, for instance another demo.");
        }
    }

    private async Task<RolloutStatus> RunHereAsync(SandboxCluster sandbox, bool quiet, CancellationToken cancellationToken)
    {
        string folder = Directory.CreateTempSubdirectory("rollouts-demo-").FullName;
        try
        {
            await using LocalEngine local = await LocalEngine.OpenAsync(
                Path.Combine(folder, "rollouts.db"),
                sandbox.Client,
                PrometheusOptions.For(sandbox.Prometheus.ToString()),
                new WebOptions(),
                NullLoggerFactory.Instance,
                cancellationToken).ConfigureAwait(false);
            await using LoopbackServer server = await LoopbackServer
                .StartAsync(local.Engine, 0, null, cancellationToken, approvals: local.Approvals).ConfigureAwait(false);
            Release release = ReleaseInput.Read(console, scenario.Manifests(sandbox.Prometheus));
            StartResult started = await local.Engine.StartAsync(release, "demo", cancellationToken).ConfigureAwait(false);
            return await FollowAsync(local.Engine, started.Status!.Id, sandbox, server.Answers, quiet, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<RolloutStatus> RunRemotelyAsync(Uri engine, SandboxCluster sandbox, bool quiet, CancellationToken cancellationToken)
    {
        using RemoteServer server = new(engine, settings.Key);
        JoinedManifests release = new([.. scenario.Manifests(sandbox.Prometheus)]);

        // That engine outlives the sandbox: it knows the release from the demo before, whose rollout may be under way in a cluster that is gone.
        RolloutStatus started = await server.Rollouts
            .StartAsync(release, supersede: true, RandomNumberGenerator.GetHexString(6, lowercase: true), requester: null, cancellationToken).ConfigureAwait(false);
        return await FollowAsync(
            server.Rollouts, started.Id, sandbox, new AnswerHint(server.Address, null), quiet, cancellationToken).ConfigureAwait(false);
    }

    private Task<RolloutStatus> FollowAsync(
        IRolloutControl engine, string id, SandboxCluster sandbox, AnswerHint answers, bool quiet, CancellationToken cancellationToken)
    {
        RolloutWatch watch = null!;
        watch = new RolloutWatch(engine, console, quiet)
        {
            StopAtQuestion = settings.FailOnPause,
            Answers = answers,
            OnUpdate = async (status, news) =>
            {
                windows.Look(status.Weight, status.Weight != status.DesiredWeight, sandbox.Traffic());
                if (settings.Outage is { } seconds && outage is null && news.Any(r => r.Entry?.Type == EventType.AnalysisRunRunning))
                {
                    outage = StopPrometheusAsync(sandbox, watch, seconds, cancellationToken);
                }

                if (status.Question is { } question && question.Id != answered)
                {
                    answered = question.Id;
                    await AnswerAsync(engine, status, cancellationToken).ConfigureAwait(false);
                }
            },
        };
        return watch.FollowAsync(id, cancellationToken);
    }

    private async Task AnswerAsync(IRolloutControl engine, RolloutStatus status, CancellationToken cancellationToken)
    {
        if (settings.Decide is not { } command || settings.FailOnPause)
        {
            return;
        }

        await engine.DecideAsync(
            status.Id,
            new Decision
            {
                Id = RandomNumberGenerator.GetHexString(16, lowercase: true),
                Command = command,
                By = "demo",
                Channel = "cli",
                At = TimeProvider.System.GetUtcNow(),
                Question = status.Question?.Id,
            },
            cancellationToken).ConfigureAwait(false);
    }

    private static async Task StopPrometheusAsync(SandboxCluster sandbox, RolloutWatch watch, int seconds, CancellationToken cancellationToken)
    {
        await sandbox.StopPrometheusAsync().ConfigureAwait(false);
        watch.Note($"Prometheus is stopped for {seconds} s");
        await Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System, cancellationToken).ConfigureAwait(false);
        await sandbox.StartPrometheusAsync(cancellationToken).ConfigureAwait(false);
        watch.Note("Prometheus is back");
    }

    /// <summary>The last weight has a window too.</summary>
    private async Task WatchTheEndAsync(RolloutStatus ended, SandboxCluster sandbox, CancellationToken cancellationToken)
    {
        for (int look = 0; look < 12; look++)
        {
            windows.Look(ended.Weight, changing: false, sandbox.Traffic());
            await Task.Delay(TimeSpan.FromMilliseconds(250), TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }
    }

    private void Say(bool quiet, string line)
    {
        if (!quiet)
        {
            console.Out.WriteLine(line);
        }
    }
}

/// <summary>How a demo is to go.</summary>
internal sealed record DemoSettings
{
    /// <summary>End with exit code 4 at the first question. Default false.</summary>
    public bool FailOnPause { get; init; }

    /// <summary>How the demo answers a question by itself; null leaves it to a person.</summary>
    public Command? Decide { get; init; }

    /// <summary>For how many seconds Prometheus is stopped when the first analysis begins; null leaves it alone.</summary>
    public int? Outage { get; init; }

    /// <summary>The API of an engine outside this process; null (the default) runs the embedded engine here.</summary>
    public Uri? Engine { get; init; }

    /// <summary>The function key of <see cref="Engine"/>; null sends none.</summary>
    public string? Key { get; init; }

    public OutputFormat Output { get; init; }
}
