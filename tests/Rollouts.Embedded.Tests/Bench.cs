using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Rollouts.Embedded.State;
using Rollouts.Engine;
using Rollouts.Journal;
using Rollouts.Manifests;
using Rollouts.Traffic;

namespace Rollouts.Embedded.Tests;

/// <summary>An engine on a state file of its own, with a cluster, a metric store and, unless a test wants the real one, a clock that stands still.</summary>
internal sealed class Bench : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("rollouts-embedded-");
    private CancellationTokenSource stop = new();
    private EmbeddedEngine? engine;
    private Task running = Task.CompletedTask;
    private int decisions;

    public FakeCluster Cluster { get; } = new();

    public FakeDeployments Deployments { get; } = new();

    public FakeMetrics Metrics { get; } = new();

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));

    public string Path => System.IO.Path.Combine(folder.FullName, "rollouts.db");

    public EmbeddedEngine Engine => engine ?? throw new InvalidOperationException("open it first");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>An engine that is running.</summary>
    public static async Task<Bench> RunAsync(bool realTime = false, Func<EmbeddedOptions, EmbeddedOptions>? options = null)
    {
        Bench bench = new();
        await bench.OpenAsync(realTime, options);
        bench.Run();
        return bench;
    }

    public async Task OpenAsync(bool realTime = false, Func<EmbeddedOptions, EmbeddedOptions>? options = null, ILogger? logger = null)
    {
        EmbeddedOptions defaults = new() { Path = Path };
        engine = await EmbeddedEngine.OpenAsync(
            options?.Invoke(defaults) ?? defaults,
            new EffectPorts(Cluster, Cluster, Metrics, Deployments),
            realTime ? TimeProvider.System : Clock,
            logger ?? NullLogger.Instance,
            Cancellation);
    }

    public void Run()
    {
        CancellationToken token = stop.Token;
        running = Task.Run(() => Engine.RunAsync(token));
    }

    /// <summary>Stops and closes the engine; the state file stays.</summary>
    public async Task CloseAsync()
    {
        await stop.CancelAsync();
        await running;
        if (engine is not null)
        {
            await engine.DisposeAsync();
        }

        engine = null;
        stop.Dispose();
        stop = new CancellationTokenSource();
    }

    public async Task<string> StartAsync(Release release)
    {
        StartResult started = await Engine.StartAsync(release, "pipeline", Cancellation);
        Assert.Equal(StartOutcome.Started, started.Outcome);
        return started.Status!.Id;
    }

    public Task<DecisionReceipt> DecideAsync(string id, Command command, string? decision = null) => Engine.DecideAsync(
        id,
        new Decision { Id = decision ?? $"d{Interlocked.Increment(ref decisions)}", Command = command, By = "jo", At = Clock.GetUtcNow() },
        Cancellation);

    /// <summary>Waits in real time, for what happens without the clock moving.</summary>
    public async Task<RolloutStatus> WaitAsync(string id, Predicate<RolloutStatus> until)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        try
        {
            return await Engine.WaitAsync(id, until, limit.Token) ?? throw new InvalidOperationException($"no rollout {id}");
        }
        catch (OperationCanceledException) when (!Cancellation.IsCancellationRequested)
        {
            Assert.Fail($"still {await Engine.FindAsync(id, Cancellation)} after 30 s");
            throw;
        }
    }

    /// <summary>Lets the clock jump from one due time to the next, whenever nothing is under way, until the status is as wanted.</summary>
    public async Task<RolloutStatus> PlayAsync(string id, Predicate<RolloutStatus> until)
    {
        Task<RolloutStatus> wanted = WaitAsync(id, until);
        using SqliteConnection connection = new($"Data Source={Path};Pooling=False");
        connection.Open();
        using GenerationTable generations = new(connection);
        while (!wanted.IsCompleted)
        {
            if (generations.UnderWay().Count == 0 && generations.NextDue() is { } due && due > Clock.GetUtcNow())
            {
                Clock.SetUtcNow(due);
            }

            await Task.WhenAny(wanted, Task.Delay(1, Cancellation));
        }

        return await wanted;
    }

    /// <summary>Waits in real time for anything.</summary>
    public static async Task UntilAsync(Func<bool> wanted)
    {
        for (int i = 0; !wanted(); i++)
        {
            Assert.True(i < 30_000, "did not come about in 30 s");
            await Task.Delay(1, Cancellation);
        }
    }

    /// <summary>Waits until the rollout that had the target has given it free, which it does after its end.</summary>
    public async Task UntilFreeAsync(TrafficTarget target)
    {
        using SqliteConnection connection = new($"Data Source={Path};Pooling=False");
        connection.Open();
        using TargetTable targets = new(connection);
        await UntilAsync(() => targets.Owner(target, 0) is null);
    }

    public async Task<IReadOnlyList<JournalRecord>> JournalAsync(string id) =>
        await Engine.ReadJournalAsync(id, 0, 100_000, Cancellation) ?? throw new InvalidOperationException($"no rollout {id}");

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        stop.Dispose();
        folder.Delete(recursive: true);
    }
}
