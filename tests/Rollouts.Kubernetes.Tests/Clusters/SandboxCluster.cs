using k8s;
using Rollouts.Sandbox.KubernetesApi;

namespace Rollouts.Kubernetes.Tests.Clusters;

/// <summary>The stand-in of the sandbox: one server for all tests of the assembly.</summary>
public sealed class SandboxCluster : ITestCluster, IAsyncLifetime
{
    private const string AdminToken = "admin-token";
    private const string RestrictedToken = "restricted-token";

    private KubernetesApiServer? server;

    /// <summary>The running server.</summary>
    public KubernetesApiServer Server => server ?? throw new InvalidOperationException("The server is not started yet.");

    public async ValueTask InitializeAsync() => server = await KubernetesApiServer.StartAsync(
        new()
        {
            Kinds = Traffic.Benches.RouterKinds.All,
            Tokens = new Dictionary<string, KubernetesUser>
            {
                [AdminToken] = new("admin", "system:masters"),
                [RestrictedToken] = new(ITestCluster.RestrictedUser),
            },
        },
        TestContext.Current.CancellationToken);

    public ValueTask<k8s.Kubernetes> AdminAsync() => new(Client(AdminToken));

    public ValueTask<k8s.Kubernetes> RestrictedAsync(params DelegatingHandler[] handlers) => new(new k8s.Kubernetes(Server.ClientConfiguration(RestrictedToken), handlers));

    public ValueTask<k8s.Kubernetes> UnknownAsync() => new(Client("nobody-knows-this"));

    public ValueTask<KubernetesClientConfiguration> AdminConfigurationAsync() => new(Server.ClientConfiguration(AdminToken));

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }
    }

    private k8s.Kubernetes Client(string token) => new(Server.ClientConfiguration(token));
}
