using System.Net;
using System.Net.Sockets;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Testing;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.Logging.Abstractions;
using RolloutFunctions.Clusters;
using RolloutFunctions.Engine;
using RolloutFunctions.Orchestration;
using RolloutFunctions.Tests.VirtualTime;
using RolloutFunctions.Watchdog;
using Rollouts.AzureStorage.Journal;
using Rollouts.AzureStorage.Ledger;
using Rollouts.AzureStorage.Registry;
using Rollouts.AzureStorage.Tests.Azurite;
using Rollouts.Embedded.Tests;
using Rollouts.Engine;
using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Manifests;

namespace RolloutFunctions.Tests;

/// <summary>The app in this process: the in-memory durable runtime, real tables, a cluster and a metric store that do as told.</summary>
internal sealed class DurableBench : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly DurableTaskTestHost host;
    private int decisions;

    private DurableBench(DurableTaskTestHost host, BenchParts parts)
    {
        this.host = host;
        Parts = parts;
        Engine = new DurableRolloutEngine(host.Client, parts.Registry, parts.Journal, parts.Clusters, parts.Time, Log);
    }

    public BenchParts Parts { get; }

    public FakeCluster Cluster => Parts.Cluster;

    public FakeMetrics Metrics => Parts.Metrics;

    /// <summary>What the engine logs.</summary>
    public LogLines Log { get; } = new();

    public DurableRolloutEngine Engine { get; }

    public DurableTaskClient Client => host.Client;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="azurite">The storage.</param>
    /// <param name="orchestrator">Null takes the app's.</param>
    /// <param name="time">Null takes the machine's clock.</param>
    /// <param name="watching">What stands between the activities and the journal; null nothing.</param>
    public static async Task<DurableBench> StartAsync(
        AzuriteServer azurite,
        Func<TaskOrchestrationContext, Generation, Task<Generation?>>? orchestrator = null,
        HastyTime? time = null,
        Func<IRolloutJournal, IRolloutJournal>? watching = null)
    {
        BenchParts parts = new(azurite, time, watching);
        DurableTaskTestHost host = await DurableTaskTestHost.StartAsync(
            tasks =>
            {
                tasks.AddOrchestratorFunc<Generation, Generation?>(
                    RolloutOrchestrator.Name,
                    (context, generation) => (orchestrator ?? RolloutOrchestrator.RunAsync)(time is null ? context : new HastyContext(context, time), generation));
                foreach (MethodInfo method in typeof(EffectActivities).GetMethods().Where(m => m.GetCustomAttribute<FunctionAttribute>() is not null))
                {
                    Add(tasks, method, parts.Activities);
                }
            },
            new DurableTaskTestHostOptions { LoggerFactory = NullLoggerFactory.Instance, Port = FreePort() },
            Cancellation);
        return new DurableBench(host, parts);
    }

    public async Task<string> StartAsync(Release release)
    {
        StartResult started = await Engine.StartAsync(release, "jo", Cancellation);
        Assert.Equal(StartOutcome.Started, started.Outcome);
        return started.Status!.Id;
    }

    public Task<DecisionReceipt> DecideAsync(string id, Command command, string? decisionId = null) => Engine.DecideAsync(
        id,
        new Decision { Id = decisionId ?? $"d{Interlocked.Increment(ref decisions)}", Command = command, By = "jo", At = Parts.Time.GetUtcNow() },
        Cancellation);

    public async Task<RolloutStatus> WaitAsync(string id, Predicate<RolloutStatus> until)
    {
        RolloutStatus? last = null;
        await UntilAsync(async () => (last = await Engine.FindAsync(id, Cancellation)) is { } status && until(status), () => $"{last}");
        return last!;
    }

    public static async Task UntilAsync(Func<Task<bool>> condition, Func<string>? seen = null)
    {
        DateTimeOffset end = TimeProvider.System.GetUtcNow() + Patience;
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetUtcNow() < end, $"not within {Patience}: {seen?.Invoke()}");
            await Task.Delay(20, Cancellation);
        }
    }

    public async Task<IReadOnlyList<JournalRecord>> JournalAsync(string id) => (await Engine.ReadJournalAsync(id, 0, 5000, Cancellation))!;

    public async ValueTask DisposeAsync() => await host.DisposeAsync();

    // Left to itself the host takes a port at random, taken or not.
    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static void Add(DurableTaskRegistry tasks, MethodInfo method, EffectActivities activities)
    {
        string name = method.GetCustomAttribute<FunctionAttribute>()!.Name;
        if (method.ReturnType == typeof(Task<EffectOutcome>))
        {
            var run = method.CreateDelegate<Func<EffectWork, CancellationToken, Task<EffectOutcome>>>(activities);
            tasks.AddActivityFunc<EffectWork, EffectOutcome>(name, (_, work) => run(work, CancellationToken.None));
        }
        else
        {
            var run = method.CreateDelegate<Func<DecisionsAfter, CancellationToken, Task<DecisionPage>>>(activities);
            tasks.AddActivityFunc<DecisionsAfter, DecisionPage>(name, (_, after) => run(after, CancellationToken.None));
        }
    }
}

/// <summary>What the app is made of, apart from the runtime; each on tables of its own.</summary>
internal sealed class BenchParts
{
    public BenchParts(AzuriteServer azurite, TimeProvider? time = null, Func<IRolloutJournal, IRolloutJournal>? watching = null)
    {
        Time = time ?? TimeProvider.System;
        Journal = new AzureTableJournal(azurite.Tables, TimeProvider.System, $"J{Guid.NewGuid():N}");
        Registry = new RolloutRegistry(azurite.Tables, TimeProvider.System, $"R{Guid.NewGuid():N}");
        Ledger = new AzureTableLedger(azurite.Tables, TimeProvider.System, $"L{Guid.NewGuid():N}");
        Clusters = new ClusterDirectory([new ServedNamespace("one", "shop", new(Cluster, Cluster, Deployments))]);
        IRolloutJournal journal = watching?.Invoke(Journal) ?? Journal;
        Activities = new EffectActivities(
            new EffectPerformer(Clusters, Clusters, Metrics, journal, Time, Clusters, Channel = new OneChannel(azurite), Ledger),
            journal,
            Closing = new RolloutClosing(Registry, Journal),
            new Interruption(Journal, TimeProvider.System));
    }

    /// <summary>What the rollouts take for the time.</summary>
    public TimeProvider Time { get; }

    public FakeCluster Cluster { get; } = new();

    public FakeDeployments Deployments { get; } = new();

    public FakeMetrics Metrics { get; } = new();

    public AzureTableJournal Journal { get; }

    public RolloutRegistry Registry { get; }

    public RolloutClosing Closing { get; }

    public AzureTableLedger Ledger { get; }

    public OneChannel Channel { get; }

    public ClusterDirectory Clusters { get; }

    public EffectActivities Activities { get; }

    public RolloutWatch Watch(TimeProvider time) =>
        new(
            Registry,
            Journal,
            Closing,
            new RolloutRescue(Clusters, Closing, Journal, new WatchdogRecord(Journal, time), NullLogger<RolloutRescue>.Instance),
            time,
            NullLogger<RolloutWatch>.Instance);

    public LeaseWatch Leases(TimeProvider time) => new(Clusters, Registry, new WatchdogRecord(Journal, time), time, NullLogger<LeaseWatch>.Instance);
}
