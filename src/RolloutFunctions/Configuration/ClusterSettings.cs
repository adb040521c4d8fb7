namespace RolloutFunctions.Configuration;

/// <summary>A cluster, under <c>Clusters:&lt;name&gt;</c>.</summary>
public sealed record ClusterSettings
{
    /// <summary>Required. How it is reached.</summary>
    public ClusterKind? Kind { get; init; }

    /// <summary>Required, at least one. The namespaces that may be touched. One that several clusters list is reached by releases that name the cluster.</summary>
    public IReadOnlyList<string> Namespaces { get; init; } = [];

    /// <summary>For <see cref="ClusterKind.Kubeconfig"/>: the file. Default <c>$KUBECONFIG</c>, else <c>~/.kube/config</c>.</summary>
    public string? Kubeconfig { get; init; }

    /// <summary>For <see cref="ClusterKind.Kubeconfig"/>: the context. Default the current one.</summary>
    public string? Context { get; init; }

    /// <summary>Required for <see cref="ClusterKind.Aks"/> and <see cref="ClusterKind.Token"/>: the API server.</summary>
    public Uri? Server { get; init; }

    /// <summary>The authority that signed the server's certificate, PEM or base64 of PEM. Required for AKS, or the file.</summary>
    public string? CertificateAuthorityData { get; init; }

    /// <summary>The same as a PEM file.</summary>
    public string? CertificateAuthorityFile { get; init; }

    /// <summary>For <see cref="ClusterKind.Token"/>: the bearer token. Either this or <see cref="TokenFile"/>.</summary>
    public string? Token { get; init; }

    /// <summary>For <see cref="ClusterKind.Token"/>: a file that holds it.</summary>
    public string? TokenFile { get; init; }
}

/// <summary>How a cluster is reached.</summary>
public enum ClusterKind
{
    /// <summary>The cluster that the app runs in, as its pod's service account.</summary>
    InCluster,

    /// <summary>As a kubeconfig says.</summary>
    Kubeconfig,

    /// <summary>AKS with Entra integration, as the app's Azure identity.</summary>
    Aks,

    /// <summary>With a service account's token.</summary>
    Token,
}
