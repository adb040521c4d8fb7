using Rollouts.Http.Access;

namespace RolloutFunctions.Configuration;

/// <summary>What the settings have to keep. Each problem begins with its key.</summary>
internal static class SettingsRules
{
    public static IEnumerable<string> Check(AppSettings settings) =>
        [.. Storage(settings.Storage), .. settings.Clusters.SelectMany(c => Cluster($"Clusters:{c.Key}", c.Value)), .. Clusters(settings.Clusters), .. MetricStores(settings.Prometheus), .. Access(settings.Access)];

    private static IEnumerable<string> Storage(StorageSettings storage)
    {
        if (string.IsNullOrEmpty(storage.ConnectionString) && storage.TableServiceUri is null)
        {
            yield return "AzureWebJobsStorage: set a connection string, or AzureWebJobsStorage__accountName for an identity";
        }
    }

    private static IEnumerable<string> Clusters(IReadOnlyDictionary<string, ClusterSettings> clusters)
    {
        if (clusters.Count == 0)
        {
            yield return "Clusters: name at least one cluster, for instance Clusters__prod__Kind";
        }
    }

    private static IEnumerable<string> Cluster(string key, ClusterSettings cluster)
    {
        if (cluster.Kind is null)
        {
            yield return $"{key}:Kind: required, one of {string.Join(", ", Enum.GetNames<ClusterKind>())}";
        }

        if (cluster.Namespaces.Count == 0)
        {
            yield return $"{key}:Namespaces: required, the namespaces that may be touched";
        }

        for (int i = 0; i < cluster.Namespaces.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(cluster.Namespaces[i]))
            {
                yield return $"{key}:Namespaces:{i}: a namespace's name is empty";
            }
        }

        if (cluster.Kind is ClusterKind.Aks or ClusterKind.Token && cluster.Server is not { IsAbsoluteUri: true })
        {
            yield return $"{key}:Server: required for {cluster.Kind}, the API server's URL";
        }
    }

    private static IEnumerable<string> Access(AccessRoles roles) =>
        new[] { (nameof(roles.Read), roles.Read), (nameof(roles.Start), roles.Start), (nameof(roles.Decide), roles.Decide) }
            .Where(r => string.IsNullOrWhiteSpace(r.Item2))
            .Select(r => $"Access:{r.Item1}: the role's name is empty; leave the key out for the default");

    private static IEnumerable<string> MetricStores(MetricStoreSettings stores)
    {
        for (int i = 0; i < stores.Addresses.Count; i++)
        {
            MetricStoreAddress store = stores.Addresses[i];
            string key = $"Prometheus:Addresses:{i}";
            if (string.IsNullOrEmpty(store.Address))
            {
                yield return $"{key}:Address: required, an http or https URL";
            }

            if (store.Username is null && (store.Password ?? store.PasswordFile) is not null)
            {
                yield return $"{key}:Username: required with a password";
            }

            if (store.Entra && (store.Username ?? store.BearerToken ?? store.BearerTokenFile) is not null)
            {
                yield return $"{key}:Entra: not together with a user name or a bearer token";
            }

            if (store.Entra && store.Address?.StartsWith("https://", StringComparison.OrdinalIgnoreCase) != true)
            {
                yield return $"{key}:Entra: a token is sent over https only";
            }
        }
    }
}
