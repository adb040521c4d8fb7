using System.Collections.Concurrent;
using k8s;
using k8s.Models;
using Prometheus;
using Rollouts.Sandbox.DemoService;
using Rollouts.Sandbox.Ingress;

namespace Rollouts.Sandbox.Workloads;

/// <summary>
/// Pods of the demo service. All pods of one version are one server, which is enough to see what the version does; the pod's annotation names its address.
/// </summary>
/// <param name="client">Notes the address on the pod.</param>
/// <param name="behaviors">How the image of a container answers.</param>
/// <param name="metrics">Where all versions count.</param>
/// <param name="readyAfter">How long a pod takes until it is ready.</param>
/// <param name="time">The clock.</param>
internal sealed class DemoPods(
    IKubernetes client, IReadOnlyDictionary<string, ServiceBehavior> behaviors, CollectorRegistry metrics, TimeSpan readyAfter, TimeProvider time)
    : IPodRuntime, IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<Task<ServiceVersion>>> versions = [];

    public async Task<V1PodStatus> StartAsync(V1Pod pod, CancellationToken cancellationToken)
    {
        await Task.Delay(readyAfter, time, cancellationToken);
        var image = pod.Spec.Containers[0].Image;
        if (!behaviors.TryGetValue(image, out var behavior))
            return Failed(image);
        var hash = pod.GetLabel(SandboxNames.HashLabel) ?? image;
        var version = await versions.GetOrAdd(hash, _ => new(() => ServiceVersion.StartAsync(hash, behavior, time, CancellationToken.None, metrics))).Value;
        await client.CoreV1.PatchNamespacedPodAsync(
            new V1Patch($$$"""{"metadata":{"annotations":{"{{{ServiceAddress.Annotation}}}":"{{{version.Address}}}"}} }""", V1Patch.PatchType.MergePatch),
            pod.Name(),
            pod.Namespace(),
            cancellationToken: cancellationToken);
        return PodState.Ready;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var version in versions.Values)
            await (await version.Value).DisposeAsync();
    }

    private static V1PodStatus Failed(string image) => new()
    {
        Phase = "Pending",
        PodIP = "127.0.0.1",
        ContainerStatuses =
        [
            new()
            {
                Name = "service", Image = image, ImageID = "", Ready = false, RestartCount = 0,
                State = new() { Waiting = new() { Reason = "ImagePullBackOff", Message = $"Back-off pulling image \"{image}\"" } },
            },
        ],
    };
}
