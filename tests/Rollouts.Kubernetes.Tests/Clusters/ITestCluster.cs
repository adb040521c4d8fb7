using k8s;

namespace Rollouts.Kubernetes.Tests.Clusters;

/// <summary>A Kubernetes API that a contract suite runs against.</summary>
public interface ITestCluster
{
    /// <summary>A user who may do nothing until a test binds a role to this name.</summary>
    const string RestrictedUser = "restricted";

    /// <summary>A client that may do everything.</summary>
    ValueTask<k8s.Kubernetes> AdminAsync();

    /// <summary>A client of <see cref="RestrictedUser"/>.</summary>
    ValueTask<k8s.Kubernetes> RestrictedAsync(params DelegatingHandler[] handlers);

    /// <summary>A client whose token nobody knows.</summary>
    ValueTask<k8s.Kubernetes> UnknownAsync();

    /// <summary>The configuration behind <see cref="AdminAsync"/>, for code under test that makes its own client.</summary>
    ValueTask<KubernetesClientConfiguration> AdminConfigurationAsync();
}
