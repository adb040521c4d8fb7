using Rollouts.Kubernetes.Tests.Clusters;

namespace Rollouts.Kubernetes.Tests.Traffic;

/// <summary>The router on the stand-in of the sandbox.</summary>
public sealed class SandboxRouterTests(SandboxCluster cluster) : RouterContract(cluster);
