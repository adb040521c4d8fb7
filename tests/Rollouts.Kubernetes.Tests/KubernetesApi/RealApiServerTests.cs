using Rollouts.Kubernetes.Tests.Clusters;

namespace Rollouts.Kubernetes.Tests.KubernetesApi;

/// <summary>The real server.</summary>
public sealed class RealApiServerTests(RealCluster cluster) : KubernetesApiContract(cluster);
