using System.Collections.Concurrent;
using k8s;
using k8s.Models;

namespace Rollouts.Kubernetes.Tests.Clusters;

/// <summary>
/// The scheduler and the one node of a test cluster, without containers: each pod is bound, and by its image becomes ready after a moment, fails, or is
/// held back. A pod that is being deleted is gone after another moment.
/// </summary>
/// <remarks>
/// An image whose name contains <c>crash</c> never becomes ready; one with <c>held</c> does when it is let go; one with <c>canary-only</c> does in a canary
/// and not in a stable version.
/// </remarks>
internal sealed class PodHost(k8s.Kubernetes client) : IAsyncDisposable
{
    private const string NodeName = "test-node";
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(20);

    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<string, Task> _pods = [];
    private readonly ConcurrentDictionary<string, bool> _letGo = [];
    private Task _following = Task.CompletedTask;
    private int _addresses;

    /// <summary>How long a pod takes until it is ready.</summary>
    public TimeSpan ReadyAfter { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a pod takes until it is gone.</summary>
    public TimeSpan GoneAfter { get; set; } = TimeSpan.FromMilliseconds(50);

    public async Task StartAsync(CancellationToken cancellation)
    {
        await client.CoreV1.CreateNodeAsync(
            new()
            {
                Metadata = new() { Name = NodeName },
                Status = new() { Conditions = [new() { Type = "Ready", Status = "True" }] },
            },
            cancellationToken: cancellation);
        _following = Task.Run(FollowAsync, CancellationToken.None);
    }

    /// <summary>Lets the held pods of a namespace become ready, those to come included.</summary>
    public void LetGo(string @namespace) => _letGo[@namespace] = true;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _following.WaitAsync(StopTime);
        await Task.WhenAll(_pods.Values).WaitAsync(StopTime);
        _stopping.Dispose();
    }

    private async Task FollowAsync()
    {
        var ends = _stopping.Token;
        while (!ends.IsCancellationRequested)
        {
            try
            {
                // Without a resource version a watch begins with what is there.
                await foreach (var (type, pod) in client.CoreV1.WatchListPodForAllNamespacesAsync(timeoutSeconds: 60, cancellationToken: ends))
                {
                    if (type is WatchEventType.Added or WatchEventType.Modified)
                    {
                        See(pod);
                    }
                }
            }
            catch (Exception) when (!ends.IsCancellationRequested)
            {
                // A watch that broke begins again with what is there.
                await Task.Delay(100, CancellationToken.None);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private void See(V1Pod pod)
    {
        var key = pod.Uid() + (pod.Metadata.DeletionTimestamp is null ? "" : "/end");
        _pods.GetOrAdd(key, _ => Task.Run(() => pod.Metadata.DeletionTimestamp is null ? RunAsync(pod) : EndAsync(pod), CancellationToken.None));
    }

    private async Task RunAsync(V1Pod pod)
    {
        try
        {
            if (pod.Spec.NodeName is null)
            {
                await client.CoreV1.CreateNamespacedPodBindingAsync(
                    new() { Metadata = new() { Name = pod.Name() }, Target = new() { Kind = "Node", Name = NodeName } },
                    pod.Name(),
                    pod.Namespace(),
                    cancellationToken: _stopping.Token);
            }

            var image = pod.Spec.Containers[0].Image;
            bool isStable = pod.Metadata.Labels.TryGetValue("rolloutfunctions/role", out var role) && role == "stable";
            if (image.Contains("crash", StringComparison.Ordinal) || (isStable && image.Contains("canary-only", StringComparison.Ordinal)))
            {
                await ReportAsync(pod, ready: false);
                return;
            }

            await Task.Delay(ReadyAfter, _stopping.Token);
            while (image.Contains("held", StringComparison.Ordinal) && !_letGo.ContainsKey(pod.Namespace()))
            {
                await Task.Delay(50, _stopping.Token);
            }

            await ReportAsync(pod, ready: true);
        }
        catch (Exception e) when (IsOver(e))
        {
        }
    }

    private async Task EndAsync(V1Pod pod)
    {
        try
        {
            await Task.Delay(GoneAfter, _stopping.Token);
            await client.CoreV1.DeleteNamespacedPodAsync(pod.Name(), pod.Namespace(), gracePeriodSeconds: 0, cancellationToken: _stopping.Token);
        }
        catch (Exception e) when (IsOver(e))
        {
        }
    }

    private async Task ReportAsync(V1Pod pod, bool ready)
    {
        var word = ready ? "True" : "False";
        var now = DateTime.UtcNow;
        var number = Interlocked.Increment(ref _addresses);
        var container = pod.Spec.Containers[0];
        var status = new V1PodStatus
        {
            Phase = "Running",
            PodIP = $"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
            StartTime = now,
            Conditions =
            [
                new() { Type = "Initialized", Status = "True", LastTransitionTime = now },
                new() { Type = "PodScheduled", Status = "True", LastTransitionTime = now },
                new() { Type = "Ready", Status = word, LastTransitionTime = now },
                new() { Type = "ContainersReady", Status = word, LastTransitionTime = now },
            ],
            ContainerStatuses =
            [
                new()
                {
                    Name = container.Name, Image = container.Image, ImageID = "", Ready = ready, RestartCount = ready ? 0 : 3,
                    State = ready
                        ? new() { Running = new() { StartedAt = now } }
                        : new() { Waiting = new() { Reason = "CrashLoopBackOff", Message = "back-off 40s restarting failed container" } },
                },
            ],
        };
        await client.CoreV1.PatchNamespacedPodStatusAsync(
            new V1Patch(KubernetesJson.Serialize(new V1Pod { Status = status }), V1Patch.PatchType.MergePatch),
            pod.Name(),
            pod.Namespace(),
            cancellationToken: _stopping.Token);
    }

    // A pod that is gone, or a test run that ends.
    private static bool IsOver(Exception e) =>
        e is OperationCanceledException or HttpRequestException or k8s.Autorest.HttpOperationException;
}
