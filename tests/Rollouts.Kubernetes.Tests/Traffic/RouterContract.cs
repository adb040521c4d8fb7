using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Rollouts.Kubernetes.Tests.Clusters;
using Rollouts.Kubernetes.Tests.Traffic.Benches;
using Rollouts.Kubernetes.Traffic;
using Rollouts.Traffic;

namespace Rollouts.Kubernetes.Tests.Traffic;

/// <summary>What every router does, as users of the cluster see it: on the real server and on the stand-in of the sandbox alike.</summary>
public abstract partial class RouterContract(ITestCluster cluster, RouterBench bench) : IAsyncLifetime
{
    private const string Owner = "shop.web.1";

    private static readonly HeaderRoute s_internal = new("internal", [new("X-Internal", HeaderMatchKind.Exact, "yes")]);

    private static readonly MirrorRoute s_shadow = new("shadow", [new(null, null, [new("X-Shadow", HeaderMatchKind.Exact, "yes")])], 40);

    private readonly FaultInjector _faults = new();
    private k8s.Kubernetes? _client;
    private k8s.Kubernetes? _routed;

    /// <summary>What the gateway says of the backends of a route.</summary>
    private string _resolved = "True";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A client that the router does not use.</summary>
    private k8s.Kubernetes Client => _client ?? throw new InvalidOperationException("The test is not initialized.");

    private string Namespace { get; set; } = "";

    private KubernetesRouter Router { get; set; } = null!;

    private TrafficTarget One => Target("web");

    private TrafficTarget Two => Target("web", "api");

    /// <summary>A traefik target has one object.</summary>
    private string[] Names => bench is TraefikBench ? ["web"] : ["web", "api"];

    public async ValueTask InitializeAsync()
    {
        _client = await cluster.AdminAsync();
        await RouterKinds.InstallAsync(cluster, _client, Cancellation);
        _routed = new(await cluster.AdminConfigurationAsync(), _faults);
        _faults.Performed = (request, answer, cancellation) => GatewayStatus.AcceptAsync(_client, request, answer, _resolved, cancellation);
        Router = new(_routed, TimeProvider.System, new() { RequestTimeout = TimeSpan.FromSeconds(5) });
        Namespace = await _client.CreateTestNamespaceAsync(Cancellation);
        foreach (var (kind, value) in Names.SelectMany(bench.Objects))
        {
            await Client.CustomObjects.CreateNamespacedCustomObjectAsync<JsonObject>(
                value, kind.Group, kind.Version, Namespace, kind.Plural, cancellationToken: Cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is not null && Namespace.Length > 0)
        {
            await _client.DeleteNamespaceAsync(Namespace, cancellationToken: CancellationToken.None);
        }

        _routed?.Dispose();
        _client?.Dispose();
        GC.SuppressFinalize(this);
    }

    private static TrafficSplit Split(int weight, params IReadOnlyList<HeaderRoute> routes) => new(weight, routes);

    private TrafficTarget Target(params IReadOnlyList<string> names) => bench.Route(
        new TrafficTarget { Namespace = Namespace, RolloutName = "shop", StableService = "shop-stable", CanaryService = "shop-canary" }, names);

    private Task<JsonObject> ReadAsync(string name = "web") => Client.CustomObjects.GetNamespacedCustomObjectAsync<JsonObject>(
        bench.Kind.Group, bench.Kind.Version, Namespace, bench.Kind.Plural, bench.Carrier(name), Cancellation);

    private Task PatchAsync(JsonObject patch, string name = "web") => PatchAsync(bench.Kind, patch, name);

    private Task PatchAsync((string Group, string Version, string Plural) kind, JsonObject patch, string name) =>
        Client.CustomObjects.PatchNamespacedCustomObjectAsync<JsonObject>(
            new V1Patch(patch.ToJsonString(), V1Patch.PatchType.MergePatch),
            kind.Group,
            kind.Version,
            Namespace,
            kind.Plural,
            bench.Carrier(name),
            cancellationToken: Cancellation);

    /// <summary>Puts an annotation on every object that carries the split.</summary>
    private async Task AnnotateAsync(string key, string? value, string name = "web")
    {
        foreach (var kind in bench.Carriers)
        {
            await PatchAsync(kind, new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [key] = value } } }, name);
        }
    }

    private async Task<int> ShareAsync(string name = "web") => bench.Share(await ReadAsync(name));

    private async Task<string?> AnnotationAsync(string key, string name = "web") => (string?)(await ReadAsync(name))["metadata"]!["annotations"]?[key];

    private Task<string?> OwnerAsync(string name = "web") => AnnotationAsync("rolloutfunctions/owner", name);

    private async Task<string?> VersionAsync() => (string?)(await ReadAsync())["metadata"]!["resourceVersion"];

    private async Task<TrafficSplit> ClaimAsync(TrafficTarget target, string owner = Owner) =>
        (await Router.ClaimAsync(target, owner, TimeSpan.FromMinutes(30), Cancellation)).Found;

    private Task<TrafficSplit> ApplyAsync(TrafficTarget target, TrafficSplit split, long revision, string owner = Owner) =>
        Router.ApplyAsync(target, split, owner, revision, Cancellation);

    private static async Task<PortException> RefusedAsync(FailureKind kind, Func<Task> call)
    {
        PortException refusal = await Assert.ThrowsAsync<PortException>(call);
        Assert.True(refusal.Kind == kind, $"{refusal.Kind}, wanted {kind}: {refusal.Message}");
        return refusal;
    }
}
