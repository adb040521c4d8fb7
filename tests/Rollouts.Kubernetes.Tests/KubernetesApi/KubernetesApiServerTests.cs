using Rollouts.Kubernetes.Tests.Clusters;

namespace Rollouts.Kubernetes.Tests.KubernetesApi;

/// <summary>The stand-in of the sandbox.</summary>
public sealed class KubernetesApiServerTests(SandboxCluster cluster) : KubernetesApiContract(cluster);
