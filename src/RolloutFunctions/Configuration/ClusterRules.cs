using System.Text.RegularExpressions;

namespace RolloutFunctions.Configuration;

/// <summary>What the settings of clusters have to keep. Each problem begins with its key.</summary>
internal static partial class ClusterRules
{
    private static readonly (string Name, Func<ClusterSettings, object?> Value, ClusterKind[] Kinds)[] OfKinds =
    [
        (nameof(ClusterSettings.Kubeconfig), c => c.Kubeconfig, [ClusterKind.Kubeconfig]),
        (nameof(ClusterSettings.Context), c => c.Context, [ClusterKind.Kubeconfig]),
        (nameof(ClusterSettings.Server), c => c.Server, [ClusterKind.Aks, ClusterKind.Token]),
        (nameof(ClusterSettings.CertificateAuthorityData), c => c.CertificateAuthorityData, [ClusterKind.Aks, ClusterKind.Token]),
        (nameof(ClusterSettings.CertificateAuthorityFile), c => c.CertificateAuthorityFile, [ClusterKind.Aks, ClusterKind.Token]),
        (nameof(ClusterSettings.Token), c => c.Token, [ClusterKind.Token]),
        (nameof(ClusterSettings.TokenFile), c => c.TokenFile, [ClusterKind.Token]),
    ];

    public static IEnumerable<string> Check(IReadOnlyDictionary<string, ClusterSettings> clusters) => clusters.Count == 0
        ? ["Clusters: name at least one cluster, for instance Clusters__prod__Kind"]
        : clusters.SelectMany(c => Name(c.Key).Concat(Check($"Clusters:{c.Key}", c.Value)));

    // It is part of keys in storage, and of the names of targets.
    private static IEnumerable<string> Name(string name) => NameForm().IsMatch(name)
        ? []
        : [$"Clusters:{name}: a cluster's name takes letters, digits and - . _"];

    private static IEnumerable<string> Check(string key, ClusterSettings cluster) =>
        [.. Namespaces(key, cluster), .. cluster.Kind is { } kind ? Check(key, cluster, kind) : [$"{key}:Kind: required, one of {string.Join(", ", Enum.GetNames<ClusterKind>())}"]];

    private static IEnumerable<string> Check(string key, ClusterSettings cluster, ClusterKind kind)
    {
        foreach ((string name, Func<ClusterSettings, object?> value, ClusterKind[] kinds) in OfKinds)
        {
            if (value(cluster) is not null && !kinds.Contains(kind))
            {
                yield return $"{key}:{name}: has no meaning for {kind}; it goes with {string.Join(" and ", kinds)}";
            }
        }

        foreach (string problem in kind switch
        {
            ClusterKind.Kubeconfig => File($"{key}:Kubeconfig", cluster.Kubeconfig),
            ClusterKind.Aks => [.. Server(key, cluster), .. Authority(key, cluster, isRequired: true)],
            ClusterKind.Token => [.. Server(key, cluster), .. Authority(key, cluster, isRequired: false), .. Token(key, cluster)],
            _ => [],
        })
        {
            yield return problem;
        }
    }

    private static IEnumerable<string> Namespaces(string key, ClusterSettings cluster) => cluster.Namespaces.Count == 0
        ? [$"{key}:Namespaces: required, the namespaces that may be touched"]
        : cluster.Namespaces.Select((n, i) => (n, i)).Where(n => string.IsNullOrWhiteSpace(n.n)).Select(n => $"{key}:Namespaces:{n.i}: a namespace's name is empty");

    private static IEnumerable<string> Server(string key, ClusterSettings cluster)
    {
        if (cluster.Server is not { IsAbsoluteUri: true } server)
        {
            yield return $"{key}:Server: required for {cluster.Kind}, the API server's URL";
        }
        else if (server.Scheme != Uri.UriSchemeHttps && !(server.Scheme == Uri.UriSchemeHttp && server.IsLoopback))
        {
            yield return $"{key}:Server: https is required, because a token is sent; plain http is taken on this machine only";
        }
        else if (server.UserInfo.Length > 0)
        {
            yield return $"{key}:Server: may carry no user name or password";
        }
    }

    private static IEnumerable<string> Authority(string key, ClusterSettings cluster, bool isRequired) => (cluster.CertificateAuthorityData, cluster.CertificateAuthorityFile) switch
    {
        (not null, not null) => [$"{key}:CertificateAuthorityData: not together with CertificateAuthorityFile; give one"],
        (null, null) when isRequired => [$"{key}:CertificateAuthorityData: required for {cluster.Kind}, or CertificateAuthorityFile"],
        (_, var file) => File($"{key}:CertificateAuthorityFile", file),
    };

    private static IEnumerable<string> Token(string key, ClusterSettings cluster) => (cluster.Token, cluster.TokenFile) switch
    {
        (not null, not null) => [$"{key}:Token: not together with TokenFile; give one"],
        (null or "", null) => [$"{key}:Token: required for {cluster.Kind}, or TokenFile"],
        (_, var file) => File($"{key}:TokenFile", file),
    };

    private static IEnumerable<string> File(string key, string? file) =>
        file is null || System.IO.File.Exists(file) ? [] : [$"{key}: there is no file '{file}'"];

    [GeneratedRegex(@"^[A-Za-z0-9._-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex NameForm();
}
