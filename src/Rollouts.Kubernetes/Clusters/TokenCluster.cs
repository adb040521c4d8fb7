using k8s;

namespace Rollouts.Kubernetes.Clusters;

/// <summary>A cluster reached with the bearer token of a service account.</summary>
public sealed record TokenCluster
{
    /// <summary>Required. The API server, <c>https://…</c> (plain http on loopback only).</summary>
    public required Uri Server { get; init; }

    /// <summary>The token. Either this or <see cref="TokenFile"/>.</summary>
    public string? Token { get; init; }

    /// <summary>A file that holds the token; read again when it changes, so a projected token may be renewed in place.</summary>
    public string? TokenFile { get; init; }

    /// <summary>A PEM file of the authority that signed the server's certificate. Null (the default) trusts what the machine trusts.</summary>
    public string? CertificateAuthorityFile { get; init; }

    /// <summary>The same as PEM, or base64 of PEM as in a kubeconfig.</summary>
    public string? CertificateAuthorityData { get; init; }

    /// <summary>A client of the cluster; nothing is sent yet. The server's certificate is always checked.</summary>
    /// <exception cref="PortException">Kind Invalid: a setting is missing or wrong; the message names it.</exception>
    public IKubernetes Connect() => ClusterClient.Of(Configuration(), TimeProvider.System);

    /// <summary>Without the token.</summary>
    public override string ToString() => $"cluster {Server}";

    internal KubernetesClientConfiguration Configuration()
    {
        string cluster = ToString();
        bool hasToken = !string.IsNullOrWhiteSpace(Token);
        bool hasFile = !string.IsNullOrWhiteSpace(TokenFile);
        if (hasToken == hasFile)
        {
            throw new PortException(FailureKind.Invalid, $"{cluster}: {(hasToken ? "Token and TokenFile are both set; give one" : "neither Token nor TokenFile is set")}");
        }

        if (hasFile && !File.Exists(TokenFile))
        {
            throw new PortException(FailureKind.Invalid, $"{cluster}: TokenFile {TokenFile} does not exist");
        }

        return new KubernetesClientConfiguration
        {
            Host = ClusterAddress.Check(cluster, Server),
            SslCaCerts = CertificateAuthority.Read(cluster, CertificateAuthorityFile, CertificateAuthorityData),
            AccessToken = hasToken ? Token!.Trim() : null,
            TokenProvider = hasFile ? new TokenFileProvider(TokenFile!) : null,
        };
    }
}
