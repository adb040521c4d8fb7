using k8s;
using k8s.Models;

namespace Rollouts.Kubernetes.Tests.Clusters;

/// <summary>Namespaces that no other test has.</summary>
internal static class TestNamespaces
{
    /// <summary>Makes one. Its name is not left to the server: of the five characters that it adds, some are the same within thousands of tests.</summary>
    /// <returns>Its name.</returns>
    public static async Task<string> CreateTestNamespaceAsync(this ICoreV1Operations client, CancellationToken cancellationToken)
    {
        V1Namespace wanted = new() { Metadata = new() { Name = $"rollouts-test-{Guid.NewGuid():N}" } };
        return (await client.CreateNamespaceAsync(wanted, cancellationToken: cancellationToken)).Name();
    }
}
