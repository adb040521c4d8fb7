using k8s;

namespace Rollouts.Kubernetes.Tests.Clusters;

/// <summary>
/// A real API server for all tests of the assembly: the cluster of ROLLOUTS_TEST_KUBECONFIG (throwaway namespaces, the restricted user
/// is impersonated), else the kube-apiserver of ROLLOUTS_KUBE_APISERVER, started on first use.
/// </summary>
public sealed class RealCluster : ITestCluster, IAsyncDisposable
{
    private const string HowToGetOne =
        "No real Kubernetes API server: run tests/kube-apiserver/build and set ROLLOUTS_KUBE_APISERVER to the path it prints, "
        + "or set ROLLOUTS_TEST_KUBECONFIG to the kubeconfig of a cluster that tests may use.";

    private readonly SemaphoreSlim starting = new(1);
    private KubeApiServerProcess? process;

    public async ValueTask<k8s.Kubernetes> AdminAsync() => new(await AdminConfigurationAsync());

    public async ValueTask<k8s.Kubernetes> RestrictedAsync(params DelegatingHandler[] handlers) => Given("ROLLOUTS_TEST_KUBECONFIG") is null
        ? new((await StartedAsync()).Configuration(KubeApiServerProcess.RestrictedToken), handlers)
        : new(await AdminConfigurationAsync(), [new ImpersonatingHandler(ITestCluster.RestrictedUser), .. handlers]);

    public async ValueTask<k8s.Kubernetes> UnknownAsync()
    {
        var configuration = await AdminConfigurationAsync();
        return new(new KubernetesClientConfiguration
        {
            Host = configuration.Host,
            SslCaCerts = configuration.SslCaCerts,
            SkipTlsVerify = configuration.SkipTlsVerify,
            AccessToken = "nobody-knows-this",
        });
    }

    public async ValueTask<KubernetesClientConfiguration> AdminConfigurationAsync() => Given("ROLLOUTS_TEST_KUBECONFIG") is { } path
        ? KubernetesClientConfiguration.BuildConfigFromConfigFile(path)
        : (await StartedAsync()).Configuration(KubeApiServerProcess.AdminToken);

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            await process.DisposeAsync();
        }

        starting.Dispose();
    }

    private static string? Given(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;

    private async Task<KubeApiServerProcess> StartedAsync()
    {
        var path = Given("ROLLOUTS_KUBE_APISERVER");
        if (path is null)
        {
            // Where everything is said to be installed, a missing server is a failure of the run.
            Assert.True(Given("CI") is null, HowToGetOne);
            Assert.Skip(HowToGetOne);
        }

        var cancellation = TestContext.Current.CancellationToken;
        await starting.WaitAsync(cancellation);
        try
        {
            return process ??= await KubeApiServerProcess.StartAsync(path, cancellation);
        }
        finally
        {
            starting.Release();
        }
    }

    private sealed class ImpersonatingHandler(string user) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Add("Impersonate-User", user);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
