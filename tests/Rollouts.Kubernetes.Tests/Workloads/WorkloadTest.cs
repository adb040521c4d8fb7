using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Rollouts.Kubernetes.Tests.Clusters;
using Rollouts.Kubernetes.Tests.Traffic;
using Rollouts.Kubernetes.Workloads;
using Rollouts.Traffic;
using Rollouts.Workloads;

namespace Rollouts.Kubernetes.Tests.Workloads;

/// <summary>A namespace with the two Services of a rollout called <c>shop</c>, and the code under test on a client whose requests are recorded.</summary>
public abstract class WorkloadTest(ITestCluster cluster) : IAsyncLifetime
{
    protected const string Owner = "shop.shop.1";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private k8s.Kubernetes? _client;
    private k8s.Kubernetes? _used;

    /// <summary>How long a request of the code under test may take.</summary>
    protected virtual TimeSpan RequestTimeout => TimeSpan.FromSeconds(5);

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected ITestCluster Cluster { get; } = cluster;

    /// <summary>A client that the code under test does not use.</summary>
    protected k8s.Kubernetes Client => _client ?? throw new InvalidOperationException("The test is not initialized.");

    protected string Namespace { get; private set; } = "";

    internal FaultInjector Requests { get; } = new();

    protected DeploymentWorkloads Workloads { get; private set; } = null!;

    protected TrafficTarget Target => Ingresses.Target(Namespace, "shop");

    public virtual async ValueTask InitializeAsync()
    {
        _client = await Cluster.AdminAsync();
        _used = new(await Cluster.AdminConfigurationAsync(), Requests);
        Workloads = new(_used, TimeProvider.System, new() { RequestTimeout = RequestTimeout });
        Namespace = await _client.CreateTestNamespaceAsync(Cancellation);
        foreach (string name in (string[])["shop-stable", "shop-canary"])
        {
            await Client.CreateNamespacedServiceAsync(
                new V1Service
                {
                    Metadata = new() { Name = name },
                    Spec = new() { Selector = new Dictionary<string, string> { ["app"] = "shop" }, Ports = [new() { Port = 80 }] },
                },
                Namespace,
                cancellationToken: Cancellation);
        }
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (_client is not null && Namespace.Length > 0)
        {
            await _client.DeleteNamespaceAsync(Namespace, cancellationToken: CancellationToken.None);
        }

        _used?.Dispose();
        _client?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>A workload that is not resolved yet.</summary>
    /// <param name="image">What its one container runs.</param>
    /// <param name="spec">More fields of the pod's spec, as JSON.</param>
    protected static WorkloadSpec Unresolved(string image, string spec = "{}")
    {
        JsonObject pod = JsonNode.Parse(spec)!.AsObject();
        pod["containers"] ??= new JsonArray(new JsonObject { ["name"] = "shop", ["image"] = image });
        JsonObject template = new()
        {
            ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["app"] = "shop", ["tier"] = "front" } },
            ["spec"] = pod,
        };
        return new WorkloadSpec { Template = template.ToJsonString(), Selector = new SortedDictionary<string, string> { ["app"] = "shop" }, Replicas = 3 };
    }

    protected Task<WorkloadSpec> ResolvedAsync(string image) => ResolvedAsync(Unresolved(image));

    protected Task<WorkloadSpec> ResolvedAsync(WorkloadSpec workload) => Workloads.ResolveAsync(Target, workload, Cancellation);

    protected static WorkloadFence Fence(long revision, string owner = Owner, int day = 1) => new(owner, new(2026, 1, day, 12, 0, 0, TimeSpan.Zero), revision);

    protected Task<WorkloadState> ApplyAsync(WorkloadSpec workload, WorkloadPlan plan, long revision) => ApplyAsync(workload, plan, Fence(revision));

    protected Task<WorkloadState> ApplyAsync(WorkloadSpec workload, WorkloadPlan plan, WorkloadFence fence) =>
        Workloads.ApplyAsync(Target, workload, plan, fence, Cancellation);

    protected static WorkloadPlan Canary(int replicas, WorkloadRole service = WorkloadRole.Canary) =>
        new() { Canary = new CanaryPlan(replicas), CanaryService = service };

    protected static WorkloadPlan Release(int? replicas = null) => new() { Stable = new StablePlan(StableContent.Release, replicas) };

    /// <summary>The first version, running.</summary>
    protected async Task<WorkloadSpec> StartedAsync(string image = "shop:1", int replicas = 3, long revision = 1)
    {
        WorkloadSpec first = await ResolvedAsync(Unresolved(image) with { Replicas = replicas });
        await ApplyAsync(first, Release(), revision);
        await UntilAsync(first, s => s.Stable is { IsComplete: true });
        await ApplyAsync(first, new WorkloadPlan(), revision);
        return first;
    }

    protected async Task<WorkloadState> UntilAsync(WorkloadSpec workload, Func<WorkloadState, bool> isSo)
    {
        WorkloadState state = new();
        await EventuallyAsync(async () => isSo(state = await Workloads.ReadAsync(Target, workload, Cancellation)), () => $"{state}");
        return state;
    }

    protected static async Task EventuallyAsync(Func<Task<bool>> isSo, Func<string>? last = null)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(Patience);
        while (!await isSo())
        {
            Assert.False(limit.IsCancellationRequested, $"not so within {Patience}: {last?.Invoke()}");
            await Task.Delay(100, Cancellation);
        }
    }

    protected Task<V1Deployment> DeploymentAsync(string name) => Client.ReadNamespacedDeploymentAsync(name, Namespace, cancellationToken: Cancellation);

    protected async Task<IDictionary<string, string>> SelectorAsync(string service) =>
        (await Client.ReadNamespacedServiceAsync(service, Namespace, cancellationToken: Cancellation)).Spec.Selector;

    /// <summary>The names of the pods that a Service sends requests to.</summary>
    protected virtual async Task<IReadOnlyList<string>> EndpointsAsync(string service)
    {
        V1Endpoints endpoints = await Client.ReadNamespacedEndpointsAsync(service, Namespace, cancellationToken: Cancellation);
        return [.. (endpoints.Subsets ?? []).SelectMany(s => s.Addresses ?? []).Select(a => a.TargetRef.Name).Order(StringComparer.Ordinal)];
    }

    protected async Task<IReadOnlyList<V1Pod>> PodsAsync(string selector) =>
        [.. (await Client.ListNamespacedPodAsync(Namespace, labelSelector: selector, cancellationToken: Cancellation)).Items.Where(p => p.Metadata.DeletionTimestamp is null)];

    protected Task<V1Deployment> PatchAsync(string deployment, string patch) => Client.PatchNamespacedDeploymentAsync(
        new V1Patch(patch, V1Patch.PatchType.StrategicMergePatch), deployment, Namespace, cancellationToken: Cancellation);

    /// <summary>A Deployment that a team made by itself.</summary>
    protected Task<V1Deployment> TeamsOwnAsync(string name, int replicas, V1LabelSelector? selector = null) => Client.CreateNamespacedDeploymentAsync(
        new V1Deployment
        {
            Metadata = new() { Name = name, Labels = new Dictionary<string, string> { ["team"] = "shop" } },
            Spec = new()
            {
                Replicas = replicas,
                Selector = selector ?? new() { MatchLabels = new Dictionary<string, string> { ["app"] = "shop" } },
                Template = new()
                {
                    Metadata = new() { Labels = new Dictionary<string, string> { ["app"] = "shop", ["tier"] = "front" } },
                    Spec = new() { Containers = [new() { Name = "shop", Image = "shop:0" }] },
                },
            },
        },
        Namespace,
        cancellationToken: Cancellation);

    /// <summary>A budget for the pods of the application, in the version that the test server knows.</summary>
    protected Task DisruptionBudgetAsync(string limit) => Client.CustomObjects.CreateNamespacedCustomObjectWithHttpMessagesAsync<JsonObject>(
        new JsonObject
        {
            ["apiVersion"] = "policy/v1beta1",
            ["kind"] = "PodDisruptionBudget",
            ["metadata"] = new JsonObject { ["name"] = "shop" },
            ["spec"] = new JsonObject
            {
                [limit.Split(": ")[0]] = int.TryParse(limit.Split(": ")[1], out int pods) ? pods : limit.Split(": ")[1],
                ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = "shop" } },
            },
        },
        "policy",
        "v1beta1",
        Namespace,
        "poddisruptionbudgets",
        cancellationToken: Cancellation);

    protected static async Task<PortException> RefusedAsync(FailureKind kind, Func<Task> call)
    {
        PortException refusal = await Assert.ThrowsAsync<PortException>(call);
        Assert.True(refusal.Kind == kind, $"{refusal.Kind}, wanted {kind}: {refusal.Message}");
        return refusal;
    }
}
