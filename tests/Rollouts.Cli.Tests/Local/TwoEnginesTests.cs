using System.Collections.Concurrent;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Rollouts.Analysis;
using Rollouts.Embedded;
using Rollouts.Engine;
using Rollouts.Kubernetes.Traffic;
using Rollouts.Kubernetes.Workloads;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Sandbox.KubernetesApi;
using Rollouts.Traffic;

namespace Rollouts.Cli.Tests.Local;

/// <summary>Two engines that know nothing of each other, told to roll the same target at once: the annotations on one API server are all that is between them.</summary>
public sealed class TwoEnginesTests : IDisposable
{
    private readonly TemporaryFiles files = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => files.Dispose();

    [Fact]
    public async Task Start_SameTargetOnBoth_TheirWritesNeverInterleave()
    {
        await using KubernetesApiServer server = await KubernetesApiServer.StartAsync(new(), Cancellation);
        using k8s.Kubernetes client = new(server.ClientConfiguration());
        await PrepareAsync(client);
        ConcurrentQueue<(string Engine, string Act, int Weight)> acts = [];

        // Whoever is refused tries again until it has had its turn: the first takes the canary's traffic away at its end, by an abort.
        await Task.WhenAll(RollAsync("east", 11, client, acts), RollAsync("west", 22, client, acts));

        string? owner = null;
        List<string> turns = [];
        foreach ((string engine, string act, int weight) in acts)
        {
            Assert.True(act == "claim" ? owner is null || owner == engine : owner == engine, $"{engine} {act} {weight} while {owner ?? "nobody"} owns it: {string.Join(", ", acts)}");
            if (act == "claim" && owner is null)
            {
                turns.Add(engine);
            }

            owner = act == "release" ? null : engine;
        }

        Assert.Equal(["east", "west"], turns.Order());
        Assert.Contains(("east", "apply", 11), acts);
        Assert.Contains(("west", "apply", 22), acts);
        V1Ingress canary = await client.NetworkingV1.ReadNamespacedIngressAsync("checkout-checkout-canary", "shop", cancellationToken: Cancellation);
        Assert.Equal("0", canary.Metadata.Annotations["nginx.ingress.kubernetes.io/canary-weight"]);
        Assert.DoesNotContain("rolloutfunctions/owner", canary.Metadata.Annotations.Keys);
    }

    [Fact]
    public async Task Start_TargetOfAnEngineThatIsGone_TakesItOverWhenItsLeaseIsOver()
    {
        await using KubernetesApiServer server = await KubernetesApiServer.StartAsync(new(), Cancellation);
        using k8s.Kubernetes client = new(server.ClientConfiguration());
        await PrepareAsync(client);
        KubernetesRouter gone = new(client, TimeProvider.System);
        Release release = ReleaseOf(22, 0);
        await gone.ClaimAsync(release.Target, "shop.checkout.gone", RolloutMachine.LeaseTerm, Cancellation);
        await gone.ApplyAsync(release.Target, new TrafficSplit(40, []), "shop.checkout.gone", 7, Cancellation);
        ConcurrentQueue<(string Engine, string Act, int Weight)> acts = [];

        Task rolling = RollAsync("west", 22, client, acts);
        await Task.Delay(300, Cancellation);
        Assert.False(rolling.IsCompleted);
        Assert.Empty(acts);
        await client.NetworkingV1.PatchNamespacedIngressAsync(
            new V1Patch("""{"metadata":{"annotations":{"rolloutfunctions/renewed":"2026-01-01T00:00:00Z"}}}""", V1Patch.PatchType.MergePatch),
            "checkout-checkout-canary",
            "shop",
            cancellationToken: Cancellation);
        await rolling;

        Assert.Equal([("west", "take over", 40), ("west", "apply", 0), ("west", "apply", 22)], acts.Take(3));
        await Assert.ThrowsAsync<PortException>(() => gone.ApplyAsync(release.Target, new TrafficSplit(60, []), "shop.checkout.gone", 8, Cancellation));
    }

    private async Task RollAsync(string name, int weight, k8s.Kubernetes client, ConcurrentQueue<(string, string, int)> acts)
    {
        RecordingRouter router = new(name, new KubernetesRouter(client, TimeProvider.System), acts);
        await using EmbeddedEngine engine = await EmbeddedEngine.OpenAsync(
            new EmbeddedOptions { Path = files.PathOf($"{name}.db") },
            new EffectPorts(router, new ServiceWorkloadReader(client, TimeProvider.System), new NoMetrics()),
            TimeProvider.System,
            NullLogger<EmbeddedEngine>.Instance,
            Cancellation);
        using CancellationTokenSource stopping = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        stopping.CancelAfter(TimeSpan.FromMinutes(2));
        Task running = engine.RunAsync(stopping.Token);
        for (int attempt = 0; ; attempt++)
        {
            // A release that was refused is over; the same with another weight is another.
            Release release = ReleaseOf(weight, attempt);
            StartResult started = await engine.StartAsync(release, name, stopping.Token);
            string id = started.Status!.Id;
            RolloutStatus? status = await engine.WaitAsync(id, s => s.FinishedAt is not null || s.Weight == weight, stopping.Token);
            if (status?.Outcome == RolloutOutcome.Invalid)
            {
                Assert.Contains("is owned by rollout", status.Message, StringComparison.Ordinal);
                await Task.Delay(20, stopping.Token);
                continue;
            }

            await engine.DecideAsync(
                id, new Journal.Decision { Id = $"{name}-{attempt}", Command = Journal.Command.Abort, By = name, At = DateTimeOffset.UtcNow }, stopping.Token);
            status = await engine.WaitAsync(id, s => s.FinishedAt is not null, stopping.Token);
            Assert.Equal(RolloutOutcome.Aborted, status!.Outcome);
            await router.Released.WaitAsync(stopping.Token);
            break;
        }

        await stopping.CancelAsync();
        await running;
    }

    private static Release ReleaseOf(int weight, int attempt) => ReleaseReader.Read(
    [
        new("release.yaml", $$"""
            apiVersion: argoproj.io/v1alpha1
            kind: Rollout
            metadata: { name: checkout, namespace: shop }
            spec:
              progressDeadlineSeconds: {{600 + attempt}}
              strategy:
                canary:
                  canaryService: checkout-canary
                  stableService: checkout-stable
                  trafficRouting: { nginx: { stableIngress: checkout } }
                  steps:
                  - setWeight: {{weight}}
                  - pause: {}
            """),
    ]).Release!;

    private static async Task PrepareAsync(k8s.Kubernetes client)
    {
        await client.CreateNamespaceAsync(new V1Namespace { Metadata = new() { Name = "shop" } }, cancellationToken: Cancellation);
        foreach (string service in (string[])["checkout-stable", "checkout-canary"])
        {
            await client.CreateNamespacedServiceAsync(
                new V1Service { Metadata = new() { Name = service }, Spec = new() { Ports = [new() { Port = 80 }] } }, "shop", cancellationToken: Cancellation);
        }

        V1HTTPIngressPath path = new()
        {
            Path = "/",
            PathType = "Prefix",
            Backend = new() { Service = new() { Name = "checkout-stable", Port = new() { Number = 80 } } },
        };
        await client.CreateNamespacedIngressAsync(
            new V1Ingress { Metadata = new() { Name = "checkout" }, Spec = new() { Rules = [new() { Host = "shop.example.com", Http = new() { Paths = [path] } }] } },
            "shop",
            cancellationToken: Cancellation);
    }

    /// <summary>Notes what was done, between its beginning and its end: an act that overlaps another engine's shows as out of turn.</summary>
    private sealed class RecordingRouter(string engine, KubernetesRouter router, ConcurrentQueue<(string, string, int)> acts) : ITrafficRouter
    {
        private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Released => released.Task;

        public async Task<ClaimedTarget> ClaimAsync(TrafficTarget target, string owner, TimeSpan silence, CancellationToken cancellationToken)
        {
            ClaimedTarget claimed = await router.ClaimAsync(target, owner, silence, cancellationToken);
            acts.Enqueue((engine, claimed.TakenFrom is null ? "claim" : "take over", claimed.Found.CanaryWeight));
            return claimed;
        }

        public async Task<TrafficSplit> ApplyAsync(TrafficTarget target, TrafficSplit split, string owner, long revision, CancellationToken cancellationToken)
        {
            TrafficSplit written = await router.ApplyAsync(target, split, owner, revision, cancellationToken);
            acts.Enqueue((engine, "apply", written.CanaryWeight));
            return written;
        }

        // As if every start met the moment before the other's claim, so that it is the claims that are told apart.
        public Task<TargetHolder?> FindHolderAsync(TrafficTarget target, CancellationToken cancellationToken) => Task.FromResult<TargetHolder?>(null);

        public Task<TrafficSplit> RenewAsync(TrafficTarget target, TrafficSplit written, string owner, CancellationToken cancellationToken) =>
            router.RenewAsync(target, written, owner, cancellationToken);

        public async Task ReleaseAsync(TrafficTarget target, string owner, CancellationToken cancellationToken)
        {
            // Before it is done: afterwards the other may be faster.
            acts.Enqueue((engine, "release", 0));
            await router.ReleaseAsync(target, owner, cancellationToken);
            _ = released.TrySetResult();
        }
    }

    private sealed class NoMetrics : IMetricProvider
    {
        public Task<MetricAnswer> QueryAsync(PrometheusQuery query, CancellationToken cancellationToken) => throw new InvalidOperationException("nothing is measured here");
    }
}
