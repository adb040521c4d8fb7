using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Rollouts.Kubernetes.Tests.Clusters;
using Rollouts.Kubernetes.Traffic;
using Rollouts.Traffic;

namespace Rollouts.Kubernetes.Tests.Traffic;

/// <summary>What the router does, as users of the cluster see it: on the real server and on the stand-in of the sandbox alike.</summary>
public abstract partial class IngressNginxContract(ITestCluster cluster) : IAsyncLifetime
{
    private const string Prefix = "nginx.ingress.kubernetes.io/";
    private const string Owner = "shop.web.1";

    private static readonly HeaderRoute s_internal = new("internal", [new("X-Internal", HeaderMatchKind.Exact, "yes")]);

    private readonly FaultInjector _faults = new();
    private k8s.Kubernetes? _client;
    private k8s.Kubernetes? _routed;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A client that the router does not use.</summary>
    private k8s.Kubernetes Client => _client ?? throw new InvalidOperationException("The test is not initialized.");

    private string Namespace { get; set; } = "";

    private KubernetesRouter Router { get; set; } = null!;

    private TrafficTarget One => Target("web");

    private TrafficTarget Two => Target("web", "api");

    public async ValueTask InitializeAsync()
    {
        _client = await cluster.AdminAsync();
        _routed = new(await cluster.AdminConfigurationAsync(), _faults);
        Router = new(_routed, TimeProvider.System, new() { RequestTimeout = TimeSpan.FromSeconds(5) });
        Namespace = await _client.CreateTestNamespaceAsync(Cancellation);
        foreach (string name in (string[])["web", "api"])
        {
            await CreateAsync(Ingresses.Stable(name));
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

    private TrafficTarget Target(params IReadOnlyList<string> stableIngresses) => Ingresses.Target(Namespace, stableIngresses);

    private Task<V1Ingress> CreateAsync(V1Ingress ingress) => Client.CreateNamespacedIngressAsync(ingress, Namespace, cancellationToken: Cancellation);

    private Task<V1Ingress> ReadAsync(string name) => Client.ReadNamespacedIngressAsync(name, Namespace, cancellationToken: Cancellation);

    private Task<V1Ingress> CanaryAsync(string stable = "web") => ReadAsync($"shop-{stable}-canary");

    private async Task<string?> AnnotationAsync(string key, string stable = "web") =>
        (await CanaryAsync(stable)).Metadata.Annotations.TryGetValue(key, out string? value) ? value : null;

    private Task<string?> WeightAsync(string stable = "web") => AnnotationAsync(Prefix + "canary-weight", stable);

    private Task<string?> OwnerAsync(string stable = "web") => AnnotationAsync("rolloutfunctions/owner", stable);

    private Task<V1Ingress> AnnotateAsync(string name, params (string Key, string Value)[] annotations)
    {
        JsonObject patch = new()
        {
            ["metadata"] = new JsonObject { ["annotations"] = new JsonObject(annotations.Select(a => KeyValuePair.Create<string, JsonNode?>(a.Key, a.Value))) },
        };
        return Client.PatchNamespacedIngressAsync(
            new V1Patch(patch.ToJsonString(), V1Patch.PatchType.MergePatch), name, Namespace, cancellationToken: Cancellation);
    }

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
