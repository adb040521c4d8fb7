using Rollouts.Kubernetes.Tests.Clusters;

namespace Rollouts.Kubernetes.Tests.Traffic;

/// <summary>ingress-nginx on the stand-in of the sandbox.</summary>
public sealed class SandboxIngressNginxTests(SandboxCluster cluster) : IngressNginxContract(cluster);
