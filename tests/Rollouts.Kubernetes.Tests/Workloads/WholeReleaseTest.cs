using k8s;
using Microsoft.Extensions.Logging.Abstractions;
using Rollouts.Analysis;
using Rollouts.Embedded;
using Rollouts.Engine;
using Rollouts.Journal;
using Rollouts.Kubernetes.Tests.Clusters;
using Rollouts.Kubernetes.Tests.Traffic;
using Rollouts.Kubernetes.Traffic;
using Rollouts.Kubernetes.Workloads;
using Rollouts.Machine;
using Rollouts.Manifests;

namespace Rollouts.Kubernetes.Tests.Workloads;

/// <summary>The embedded engine on a real cluster, with the ingress in front of the two Services and a witness of what users get.</summary>
public abstract class WholeReleaseTest(WorkloadCluster cluster) : WorkloadTest(cluster)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("rollouts-release-");
    private readonly CancellationTokenSource stopping = new();
    private k8s.Kubernetes? engineClient;
    private EmbeddedEngine? engine;
    private Task running = Task.CompletedTask;
    private int decisions;

    protected EmbeddedEngine Engine => engine ?? throw new InvalidOperationException("The test is not initialized.");

    /// <summary>What the engine measures with. Default nothing.</summary>
    protected virtual IMetricProvider Metrics { get; } = new NoMetrics();

    internal FaultInjector EngineRequests { get; } = new();

    internal TrafficWitness Witness { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Client.CreateNamespacedIngressAsync(Ingresses.Stable("shop"), Namespace, cancellationToken: Cancellation);
        engineClient = new(await Cluster.AdminConfigurationAsync(), EngineRequests);
        engine = await OpenAsync("rollouts.db", engineClient);
        running = Task.Run(() => engine.RunAsync(stopping.Token), CancellationToken.None);
        Witness = new(Client, Namespace);
    }

    public override async ValueTask DisposeAsync()
    {
        await Witness.DisposeAsync();
        await stopping.CancelAsync();
        await running;
        await Engine.DisposeAsync();
        engineClient?.Dispose();
        stopping.Dispose();
        folder.Delete(recursive: true);
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>An engine with a state of its own.</summary>
    protected Task<EmbeddedEngine> OpenAsync(string file, k8s.Kubernetes client) => EmbeddedEngine.OpenAsync(
        new EmbeddedOptions { Path = Path.Combine(folder.FullName, file) },
        new EffectPorts(
            new KubernetesRouter(client, TimeProvider.System, new() { RequestTimeout = TimeSpan.FromSeconds(3) }),
            new ServiceWorkloadReader(client, TimeProvider.System),
            Metrics,
            new DeploymentWorkloads(client, TimeProvider.System, new() { RequestTimeout = TimeSpan.FromSeconds(3) })),
        TimeProvider.System,
        NullLogger.Instance,
        Cancellation);

    /// <summary>The release of an image, through four steps.</summary>
    protected Release Release(string image, string? policy = null, string spec = "{}", string? replicas = "3", string? steps = null)
    {
        steps ??= """
            - setWeight: 10
            - pause: { duration: 1s }
            - setWeight: 60
            - pause: { duration: 1s }
            """;
        string text = $$"""
            apiVersion: argoproj.io/v1alpha1
            kind: Rollout
            metadata: { name: shop, namespace: {{Namespace}} }
            spec:
              {{(replicas is null ? "" : $"replicas: {replicas}")}}
              selector: { matchLabels: { app: shop } }
              template: {{Unresolved(image, spec).Template}}
              strategy:
                canary:
                  stableService: shop-stable
                  canaryService: shop-canary
                  scaleDownDelaySeconds: 1
                  abortScaleDownDelaySeconds: 1
                  trafficRouting: { nginx: { stableIngress: shop } }
                  steps:
                  {{steps.ReplaceLineEndings("\n      ")}}
            ---
            {{policy}}
            """;
        ReleaseReading reading = ReleaseReader.Read([new ManifestFile("release.yaml", text)]);
        return reading.Release ?? throw new InvalidOperationException(string.Join('\n', reading.Problems));
    }

    protected async Task<string> StartAsync(Release release)
    {
        StartResult started = await Engine.StartAsync(release, "pipeline", Cancellation);
        // The one before gives the target free shortly after its outcome is known.
        await EventuallyAsync(async () =>
        {
            started = started.Outcome == StartOutcome.TargetOwned ? await Engine.StartAsync(release, "pipeline", Cancellation) : started;
            return started.Outcome != StartOutcome.TargetOwned;
        });
        Assert.True(started.Outcome == StartOutcome.Started, $"{started}");
        return started.Status!.Id;
    }

    protected async Task<RolloutStatus> EndedAsync(string id, RolloutOutcome outcome)
    {
        RolloutStatus ended = await WhenAsync(id, s => s.Outcome is not null);
        Assert.True(ended.Outcome == outcome, await StoryAsync(id));
        return ended;
    }

    protected async Task<RolloutStatus> WhenAsync(string id, Predicate<RolloutStatus> isSo)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(Longest);
        try
        {
            return (await Engine.WaitAsync(id, isSo, limit.Token))!;
        }
        catch (OperationCanceledException) when (!Cancellation.IsCancellationRequested)
        {
            Assert.Fail($"not so within {Longest}: {await StoryAsync(id)}");
            throw;
        }
    }

    /// <summary>A version that users have, made by a release of its own.</summary>
    protected async Task RunningAsync(string image, string spec = "{}", string? replicas = "3")
    {
        string id = await StartAsync(Release(image, spec: spec, replicas: replicas));
        await EndedAsync(id, RolloutOutcome.Promoted);
        await ClosedAsync();
    }

    /// <summary>Waits until nothing of a rollout is left to do on the cluster.</summary>
    protected Task ClosedAsync() =>
        EventuallyAsync(async () =>
            !(await Client.NetworkingV1.ReadNamespacedIngressWithHttpMessagesAsync("shop-shop-canary", Namespace, cancellationToken: Cancellation))
                .Body.Metadata.Annotations.ContainsKey("rolloutfunctions/owner"));

    protected Task<DecisionReceipt> DecideAsync(string id, Command command) => Engine.DecideAsync(
        id,
        new Decision { Id = $"d{++decisions}", Command = command, By = "test", Channel = "test", At = DateTimeOffset.UtcNow },
        Cancellation);

    protected async Task<string> StoryAsync(string id) =>
        string.Join('\n', ((await Engine.ReadJournalAsync(id, 0, 500, CancellationToken.None)) ?? []).Select(r => $"{r.Entry?.At:mm:ss.f} {r.Entry?.Weight} {r.Entry?.Type}: {r.Entry?.Message}"));

    private sealed class NoMetrics : IMetricProvider
    {
        public Task<MetricAnswer> QueryAsync(PrometheusQuery query, CancellationToken cancellationToken) =>
            throw new PortException(FailureKind.Transient, "there is no metric store");
    }
}
