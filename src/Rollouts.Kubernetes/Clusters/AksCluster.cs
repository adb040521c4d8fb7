using Azure.Core;
using k8s;

namespace Rollouts.Kubernetes.Clusters;

/// <summary>An AKS cluster with Microsoft Entra integration, reached as an Azure identity; no kubeconfig and no kubelogin are needed.</summary>
public sealed record AksCluster
{
    /// <summary>What a token is asked for: the AKS server application, the same in every tenant.</summary>
    public const string Scope = "6dae42f8-4368-4678-94ff-3960e28e3630/.default";

    /// <summary>Required. The API server, <c>https://…</c>, as <c>server</c> in the cluster's kubeconfig.</summary>
    public required Uri Server { get; init; }

    /// <summary>
    /// Required (or <see cref="CertificateAuthorityFile"/>): the authority that signed the server's certificate, as
    /// <c>certificate-authority-data</c> in the cluster's kubeconfig (base64) or as PEM. It is public, no secret.
    /// </summary>
    public string? CertificateAuthorityData { get; init; }

    /// <summary>The same as a PEM file.</summary>
    public string? CertificateAuthorityFile { get; init; }

    /// <summary>A client of the cluster; nothing is sent yet. The server's certificate is always checked.</summary>
    /// <param name="credential">The identity that the cluster's role bindings name (by its object id).</param>
    /// <param name="time">For when a token is renewed.</param>
    /// <exception cref="PortException">Kind Invalid: a setting is missing or wrong; the message names it.</exception>
    public IKubernetes Connect(TokenCredential credential, TimeProvider time) => ClusterClient.Of(Configuration(credential, time), time);

    internal KubernetesClientConfiguration Configuration(TokenCredential credential, TimeProvider time)
    {
        string cluster = $"AKS cluster {Server}";
        return new KubernetesClientConfiguration
        {
            Host = ClusterAddress.Check(cluster, Server),
            SslCaCerts = CertificateAuthority.Read(cluster, CertificateAuthorityFile, CertificateAuthorityData)
                ?? throw new PortException(
                    FailureKind.Invalid,
                    $"{cluster}: neither CertificateAuthorityData nor CertificateAuthorityFile is set; AKS signs its API servers with an authority of the "
                    + "cluster, given as certificate-authority-data in its kubeconfig"),
            TokenProvider = new EntraTokenProvider(credential, Scope, time),
        };
    }
}
