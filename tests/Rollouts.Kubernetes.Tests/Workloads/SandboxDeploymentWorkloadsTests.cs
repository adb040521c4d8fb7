using k8s;
using k8s.Models;
using Rollouts.Kubernetes.Tests.Clusters;

namespace Rollouts.Kubernetes.Tests.Workloads;

/// <summary>On the stand-in of the sandbox with its Deployment controller.</summary>
public sealed class SandboxDeploymentWorkloadsTests(SandboxWorkloadCluster cluster) : DeploymentWorkloadsContract(cluster)
{
    /// <inheritdoc/>
    /// <remarks>The sandbox keeps no Endpoints: these are the ready pods that the Service selects.</remarks>
    protected override async Task<IReadOnlyList<string>> EndpointsAsync(string service)
    {
        IReadOnlyList<V1Pod> selected = await PodsAsync(string.Join(',', (await SelectorAsync(service)).Select(s => $"{s.Key}={s.Value}")));
        return [.. selected
            .Where(p => p.Status.Conditions?.Any(c => c is { Type: "Ready", Status: "True" }) == true)
            .Select(p => p.Metadata.Name)
            .Order(StringComparer.Ordinal)];
    }
}
