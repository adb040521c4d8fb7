using System.Collections.Concurrent;
using k8s;
using k8s.Models;
using Rollouts.Sandbox.KubernetesApi;
using Rollouts.Sandbox.Workloads;

namespace Rollouts.Kubernetes.Tests.Clusters;

/// <summary>The stand-in of the sandbox with its Deployment controller: for all tests of the assembly.</summary>
public sealed class SandboxWorkloadCluster : IWorkloadCluster, IAsyncLifetime
{
    private readonly Pods pods = new();
    private KubernetesApiServer? server;
    private k8s.Kubernetes? client;
    private DeploymentController? controller;

    public async ValueTask InitializeAsync()
    {
        server = await KubernetesApiServer.StartAsync(new(), TestContext.Current.CancellationToken);
        client = new(server.ClientConfiguration());
        controller = DeploymentController.Start(client, pods, TimeProvider.System);
    }

    public ValueTask<k8s.Kubernetes> AdminAsync() => new(new k8s.Kubernetes(server!.ClientConfiguration()));

    public ValueTask<k8s.Kubernetes> RestrictedAsync(params DelegatingHandler[] handlers) => AdminAsync();

    public ValueTask<k8s.Kubernetes> UnknownAsync() => AdminAsync();

    public ValueTask<KubernetesClientConfiguration> AdminConfigurationAsync() => new(server!.ClientConfiguration());

    public void LetGo(string @namespace) => pods.LetGo[@namespace] = true;

    public async ValueTask DisposeAsync()
    {
        await (controller?.DisposeAsync() ?? default);
        client?.Dispose();
        await (server?.DisposeAsync() ?? default);
    }

    private sealed class Pods : IPodRuntime
    {
        public ConcurrentDictionary<string, bool> LetGo { get; } = [];

        public async Task<V1PodStatus> StartAsync(V1Pod pod, CancellationToken cancellationToken)
        {
            string image = pod.Spec.Containers[0].Image;
            while (image.Contains("held", StringComparison.Ordinal) && !LetGo.ContainsKey(pod.Namespace()))
            {
                await Task.Delay(50, cancellationToken);
            }

            bool crashes = image.Contains("crash", StringComparison.Ordinal);
            return new()
            {
                Phase = "Running",
                PodIP = "127.0.0.1",
                Conditions = [new() { Type = "Ready", Status = crashes ? "False" : "True" }],
                ContainerStatuses =
                [
                    new()
                    {
                        Name = "shop", Image = image, ImageID = "", Ready = !crashes, RestartCount = 0,
                        State = crashes
                            ? new() { Waiting = new() { Reason = "CrashLoopBackOff", Message = "back-off 40s restarting failed container" } }
                            : new() { Running = new() { StartedAt = DateTime.UtcNow } },
                    },
                ],
            };
        }
    }
}
