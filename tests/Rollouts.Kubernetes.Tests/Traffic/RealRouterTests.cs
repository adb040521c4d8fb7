using Rollouts.Kubernetes.Tests.Clusters;

namespace Rollouts.Kubernetes.Tests.Traffic;

/// <summary>The router on the real server.</summary>
public sealed class RealRouterTests(RealCluster cluster) : RouterContract(cluster);
