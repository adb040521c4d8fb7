using k8s;
using k8s.Exceptions;

namespace Rollouts.Kubernetes.Clusters;

/// <summary>The cluster that this process runs in, as the service account of its pod.</summary>
public static class InCluster
{
    /// <summary>A client of the cluster; nothing is sent yet. The server's certificate is checked, the token read again when it is renewed.</summary>
    /// <exception cref="PortException">Kind Invalid: this process runs in no pod, or its pod mounts no service account token.</exception>
    public static IKubernetes Connect()
    {
        try
        {
            return ClusterClient.Of(KubernetesClientConfiguration.InClusterConfig(), TimeProvider.System);
        }
        catch (Exception problem) when (problem is KubeConfigException or IOException or UnauthorizedAccessException)
        {
            throw new PortException(
                FailureKind.Invalid,
                "not in a cluster: KUBERNETES_SERVICE_HOST, KUBERNETES_SERVICE_PORT and a mounted service account token are needed (a pod with "
                + $"automountServiceAccountToken: false has none): {problem.Message}",
                problem);
        }
    }
}
