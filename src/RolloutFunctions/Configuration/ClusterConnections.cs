using Azure.Core;
using k8s;
using RolloutFunctions.Clusters;
using Rollouts;
using Rollouts.Kubernetes.Analysis;
using Rollouts.Kubernetes.Clusters;
using Rollouts.Kubernetes.Traffic;
using Rollouts.Kubernetes.Workloads;

namespace RolloutFunctions.Configuration;

/// <summary>Connects the clusters of the settings. Nothing is sent yet; a setting that can't be used is told with its key.</summary>
internal static class ClusterConnections
{
    /// <exception cref="ConfigurationException">A cluster can't be connected as set.</exception>
    public static ClusterDirectory Connect(IReadOnlyDictionary<string, ClusterSettings> clusters, TokenCredential credential, TimeProvider time)
    {
        List<ServedNamespace> namespaces = [];
        List<string> problems = [];
        foreach ((string name, ClusterSettings settings) in clusters)
        {
            try
            {
                IKubernetes cluster = Connect(settings, credential, time);
                ClusterPorts ports = new(
                    new KubernetesRouter(cluster, time, new() { Cluster = name }), new ServiceWorkloadReader(cluster, time), new DeploymentWorkloads(cluster, time))
                {
                    Secrets = new ClusterSecretSource(cluster, time),
                    Templates = new ClusterTemplateSource(cluster, time),
                };
                namespaces.AddRange(settings.Namespaces.Distinct().Select(n => new ServedNamespace(name, n, ports)));
            }
            catch (PortException problem)
            {
                problems.Add($"Clusters:{name}:{KeyOf(settings, problem)}: {problem.Message}");
            }
        }

        return problems.Count == 0 ? new ClusterDirectory(namespaces) : throw new ConfigurationException(problems);
    }

    /// <summary>The setting that a cluster can't be connected for, once the others have been checked.</summary>
    private static string KeyOf(ClusterSettings settings, PortException problem) => settings switch
    {
        { Kind: ClusterKind.InCluster } => nameof(settings.Kind),
        { Kind: ClusterKind.Kubeconfig, Context: not null } when problem.InnerException is null => nameof(settings.Context),
        { Kind: ClusterKind.Kubeconfig } => nameof(settings.Kubeconfig),
        { CertificateAuthorityFile: not null } => nameof(settings.CertificateAuthorityFile),
        _ => nameof(settings.CertificateAuthorityData),
    };

    private static IKubernetes Connect(ClusterSettings settings, TokenCredential credential, TimeProvider time) => settings.Kind switch
    {
        ClusterKind.InCluster => InCluster.Connect(),
        ClusterKind.Kubeconfig => new KubeconfigCluster { Path = settings.Kubeconfig, Context = settings.Context }.Connect(),
        ClusterKind.Aks => new AksCluster
        {
            Server = settings.Server!,
            CertificateAuthorityData = settings.CertificateAuthorityData,
            CertificateAuthorityFile = settings.CertificateAuthorityFile,
        }.Connect(credential, time),
        _ => new TokenCluster
        {
            Server = settings.Server!,
            Token = settings.Token,
            TokenFile = settings.TokenFile,
            CertificateAuthorityData = settings.CertificateAuthorityData,
            CertificateAuthorityFile = settings.CertificateAuthorityFile,
        }.Connect(),
    };
}
