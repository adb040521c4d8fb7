using System.Threading.Channels;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Rollouts.Sandbox.Ingress;

namespace Rollouts.Sandbox.Workloads;

/// <summary>
/// Runs the Deployments of a sandbox, as Kubernetes' own controllers and a kubelet would: ReplicaSets by template, pods in rolling updates, their status, and
/// what has no owner any more taken away. A Service with a selector is served by the version that most of its ready pods are of.
/// </summary>
public sealed class DeploymentController : IAsyncDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(200);

    private readonly IKubernetes client;
    private readonly IPodRuntime runtime;
    private readonly TimeProvider time;
    private readonly ResourceMirror<V1Deployment> deployments;
    private readonly ResourceMirror<V1Pod> pods;
    private readonly ResourceMirror<V1Service> services;
    private readonly Channel<bool> changes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Dictionary<string, Task> starting = [];
    private readonly CancellationTokenSource stopping = new();
    private readonly Task running;

    private DeploymentController(IKubernetes client, IPodRuntime runtime, TimeProvider time)
    {
        this.client = client;
        this.runtime = runtime;
        this.time = time;
        deployments = new(ResourceSources.Deployments(client), Changed, time);
        pods = new(ResourceSources.Pods(client), Changed, time);
        services = new(ResourceSources.Services(client), Changed, time);
        running = RunAsync(stopping.Token);
    }

    /// <summary>Starts to follow the Deployments of a cluster.</summary>
    /// <param name="client">May do everything.</param>
    /// <param name="runtime">Runs the pods.</param>
    /// <param name="time">The clock of all waiting.</param>
    public static DeploymentController Start(IKubernetes client, IPodRuntime runtime, TimeProvider time) => new(client, runtime, time);

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running;
        await Task.WhenAll(starting.Values);
        stopping.Dispose();
    }

    private void Changed() => changes.Writer.TryWrite(true);

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        var mirrors = Task.WhenAll(deployments.RunAsync(cancellationToken), pods.RunAsync(cancellationToken), services.RunAsync(cancellationToken));
        try
        {
            await foreach (var _ in changes.Reader.ReadAllAsync(cancellationToken))
                await TryReconcileAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await mirrors;
        }
    }

    private async Task TryReconcileAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ReconcileAsync(cancellationToken);
        }
        catch (Exception e) when (e is HttpOperationException or HttpRequestException)
        {
            // Somebody else was faster, or the server is away for a moment: the next look shows the truth.
            await Task.Delay(RetryDelay, time, cancellationToken);
            Changed();
        }
    }

    private async Task ReconcileAsync(CancellationToken cancellationToken)
    {
        // The mirrors only say that something has changed: what they hold may be older than this controller's own last write.
        IList<V1Deployment> all = (await client.AppsV1.ListDeploymentForAllNamespacesAsync(cancellationToken: cancellationToken)).Items;
        await TakeOrphansAwayAsync(all, cancellationToken);
        foreach (var deployment in all)
        {
            var sets = await client.AppsV1.ListNamespacedReplicaSetAsync(deployment.Namespace(), cancellationToken: cancellationToken);
            var made = await client.CoreV1.ListNamespacedPodAsync(deployment.Namespace(), cancellationToken: cancellationToken);
            await new DeploymentTurn(client, deployment, [.. sets.Items], [.. made.Items]).TakeAsync(cancellationToken);
        }

        var there = (await client.CoreV1.ListPodForAllNamespacesAsync(cancellationToken: cancellationToken)).Items;
        foreach (var pod in there.Where(p => p.Status?.PodIP is null && !starting.ContainsKey(p.Uid())))
            starting[pod.Uid()] = Task.Run(() => StartAsync(pod, stopping.Token), CancellationToken.None);
        await ServeAsync(there, cancellationToken);
    }

    private async Task StartAsync(V1Pod pod, CancellationToken cancellationToken)
    {
        try
        {
            var status = await runtime.StartAsync(pod, cancellationToken);
            await client.CoreV1.PatchNamespacedPodStatusAsync(
                new V1Patch(KubernetesJson.Serialize(new V1Pod { Status = status }), V1Patch.PatchType.MergePatch),
                pod.Name(),
                pod.Namespace(),
                cancellationToken: cancellationToken);
        }
        catch (Exception e) when (e is OperationCanceledException or HttpOperationException or HttpRequestException)
        {
            // The pod is gone, or the sandbox ends.
        }
    }

    private async Task TakeOrphansAwayAsync(IEnumerable<V1Deployment> living, CancellationToken cancellationToken)
    {
        var owners = living.Select(d => d.Uid()).ToHashSet();
        var sets = (await client.AppsV1.ListReplicaSetForAllNamespacesAsync(cancellationToken: cancellationToken)).Items;
        foreach (var set in sets.Where(r => IsOrphan(r, owners)))
            await client.AppsV1.DeleteNamespacedReplicaSetAsync(set.Name(), set.Namespace(), cancellationToken: cancellationToken);
        owners = sets.Where(r => !IsOrphan(r, owners)).Select(r => r.Uid()).ToHashSet();
        foreach (var pod in (await client.CoreV1.ListPodForAllNamespacesAsync(cancellationToken: cancellationToken)).Items.Where(p => IsOrphan(p, owners)))
            await client.CoreV1.DeleteNamespacedPodAsync(pod.Name(), pod.Namespace(), cancellationToken: cancellationToken);
    }

    private static bool IsOrphan(IKubernetesObject<V1ObjectMeta> one, HashSet<string> living) =>
        one.Metadata.OwnerReferences is { Count: > 0 } owners && !owners.Any(o => living.Contains(o.Uid));

    private async Task ServeAsync(IEnumerable<V1Pod> there, CancellationToken cancellationToken)
    {
        var all = (await client.CoreV1.ListServiceForAllNamespacesAsync(cancellationToken: cancellationToken)).Items;
        foreach (var service in all.Where(s => s.Spec.Selector is { Count: > 0 }))
        {
            var address = there
                .Where(p => p.Namespace() == service.Namespace() && PodState.IsReady(p) && Selects(service.Spec.Selector, p.Metadata.Labels))
                .GroupBy(p => p.GetAnnotation(ServiceAddress.Annotation))
                .OrderByDescending(g => g.Count())
                .FirstOrDefault()?.Key;
            if (service.GetAnnotation(ServiceAddress.Annotation) == address)
                continue;
            var text = address is null ? "null" : $"\"{address}\"";
            await client.CoreV1.PatchNamespacedServiceAsync(
                new V1Patch($$$"""{"metadata":{"annotations":{"{{{ServiceAddress.Annotation}}}":{{{text}}}} }}""", V1Patch.PatchType.MergePatch),
                service.Name(),
                service.Namespace(),
                cancellationToken: cancellationToken);
        }
    }

    private static bool Selects(IDictionary<string, string> selector, IDictionary<string, string>? labels) =>
        selector.All(s => labels is not null && labels.TryGetValue(s.Key, out var value) && value == s.Value);
}
