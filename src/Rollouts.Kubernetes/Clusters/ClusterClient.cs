using k8s;

namespace Rollouts.Kubernetes.Clusters;

/// <summary>The client of a cluster, however it is reached.</summary>
internal static class ClusterClient
{
    public static IKubernetes Of(KubernetesClientConfiguration configuration, TimeProvider time) => new k8s.Kubernetes(configuration, new AbsenceBreaker(time));
}
