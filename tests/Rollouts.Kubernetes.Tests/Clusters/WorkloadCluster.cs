using k8s;

namespace Rollouts.Kubernetes.Tests.Clusters;

/// <summary>
/// A real API server with its controller-manager and a host for pods, so that Deployments, ReplicaSets and Endpoints are real: for all tests of the
/// assembly, started on first use. Its servers are its own, so that other tests find an API server without controllers.
/// </summary>
public sealed class WorkloadCluster : IWorkloadCluster, IAsyncDisposable
{
    private const string HowToGetOne =
        "No real kube-apiserver and kube-controller-manager: run tests/kube-apiserver/build and set ROLLOUTS_KUBE_APISERVER to the last path it prints.";

    private readonly SemaphoreSlim starting = new(1);
    private readonly Stack<IAsyncDisposable> running = [];
    private KubeApiServerProcess? server;

    public async ValueTask<k8s.Kubernetes> AdminAsync() => new(await AdminConfigurationAsync());

    public async ValueTask<k8s.Kubernetes> RestrictedAsync(params DelegatingHandler[] handlers) => new((await StartedAsync()).Configuration(KubeApiServerProcess.RestrictedToken), handlers);

    public async ValueTask<k8s.Kubernetes> UnknownAsync() => new((await StartedAsync()).Configuration("nobody-knows-this"));

    public async ValueTask<KubernetesClientConfiguration> AdminConfigurationAsync() =>
        (await StartedAsync()).Configuration(KubeApiServerProcess.AdminToken);

    public void LetGo(string @namespace) => running.OfType<PodHost>().Single().LetGo(@namespace);

    public async ValueTask DisposeAsync()
    {
        // The last one started ends first: each works against those before it.
        while (running.TryPop(out var one))
        {
            await one.DisposeAsync();
        }

        starting.Dispose();
    }

    private async Task<KubeApiServerProcess> StartedAsync()
    {
        var path = Environment.GetEnvironmentVariable("ROLLOUTS_KUBE_APISERVER");
        if (string.IsNullOrEmpty(path))
        {
            // Where everything is said to be installed, a missing server is a failure of the run.
            Assert.True(string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI")), HowToGetOne);
            Assert.Skip(HowToGetOne);
        }

        var cancellation = TestContext.Current.CancellationToken;
        await starting.WaitAsync(cancellation);
        try
        {
            return server ??= await StartAsync(path, cancellation);
        }
        finally
        {
            starting.Release();
        }
    }

    private async Task<KubeApiServerProcess> StartAsync(string path, CancellationToken cancellation)
    {
        var api = await KubeApiServerProcess.StartAsync(path, cancellation);
        running.Push(api);
        var controllers = Path.Combine(Path.GetDirectoryName(path)!, "kube-controller-manager");
        running.Push(await KubeControllerManagerProcess.StartAsync(controllers, api, cancellation));
        var client = new k8s.Kubernetes(api.Configuration(KubeApiServerProcess.AdminToken));
        running.Push(new Client(client));
        var pods = new PodHost(client);
        running.Push(pods);
        await pods.StartAsync(cancellation);
        return api;
    }

    private sealed class Client(k8s.Kubernetes client) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            client.Dispose();
            return default;
        }
    }
}
