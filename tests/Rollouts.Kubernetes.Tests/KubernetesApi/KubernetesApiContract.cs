using k8s;
using k8s.Models;
using Rollouts.Kubernetes.Tests.Clusters;

namespace Rollouts.Kubernetes.Tests.KubernetesApi;

/// <summary>What a Kubernetes API does, as the Kubernetes client sees it: the real server and the stand-in of the sandbox alike.</summary>
public abstract partial class KubernetesApiContract(ITestCluster cluster) : IAsyncLifetime
{
    private k8s.Kubernetes? admin;

    /// <summary>A client that may do everything.</summary>
    protected k8s.Kubernetes Client => admin ?? throw new InvalidOperationException("The test is not initialized.");

    /// <summary>The cluster under test.</summary>
    protected ITestCluster Cluster { get; } = cluster;

    /// <summary>The namespace of this test alone.</summary>
    protected string Namespace { get; private set; } = "";

    /// <summary>Ends a test that hangs.</summary>
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        admin = await Cluster.AdminAsync();
        Namespace = await admin.CreateTestNamespaceAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (admin is not null && Namespace.Length > 0)
        {
            await admin.DeleteNamespaceAsync(Namespace, cancellationToken: CancellationToken.None);
        }

        admin?.Dispose();
        GC.SuppressFinalize(this);
    }
}
