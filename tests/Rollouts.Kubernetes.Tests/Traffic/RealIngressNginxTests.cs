using Rollouts.Kubernetes.Tests.Clusters;

namespace Rollouts.Kubernetes.Tests.Traffic;

/// <summary>ingress-nginx on the real server.</summary>
public sealed class RealIngressNginxTests(RealCluster cluster) : IngressNginxContract(cluster);
