using Azure.Data.Tables;
using Rollouts.Http.Access;
using Rollouts.Prometheus;
using Rollouts.Web;

namespace RolloutFunctions.Configuration;

/// <summary>What the settings have to keep. Each problem begins with its key.</summary>
internal static class SettingsRules
{
    public static IEnumerable<string> Check(AppSettings settings) =>
    [
        .. Storage(settings.Storage),
        .. ClusterRules.Check(settings.Clusters),
        .. MetricStores(settings.Prometheus),
        .. WebOptionsValidation.Validate(settings.Web.Options()),
        .. Access(settings.Access),
        .. ClientId(settings.ClientId),
    ];

    private static IEnumerable<string> Storage(StorageSettings storage)
    {
        if (!string.IsNullOrEmpty(storage.ConnectionString))
        {
            return IsConnectionString(storage.ConnectionString) ? [] : ["AzureWebJobsStorage: is no connection string of a storage account with tables"];
        }

        return storage switch
        {
            { TableServiceUri: { Scheme: "https" or "http" } } => [],
            { EndpointKey: { } key } => [$"AzureWebJobsStorage:{key}: makes no https address of a table service"],
            _ => ["AzureWebJobsStorage: set a connection string, or AzureWebJobsStorage__accountName for an identity"],
        };
    }

    private static bool IsConnectionString(string text)
    {
        try
        {
            _ = new TableServiceClient(text);
            return true;
        }
        catch (Exception wrong) when (wrong is FormatException or InvalidOperationException or ArgumentException)
        {
            return false;
        }
    }

    private static IEnumerable<string> ClientId(string? id) =>
        string.IsNullOrEmpty(id) || Guid.TryParse(id, out _) ? [] : ["AZURE_CLIENT_ID: is no client id of an identity, which is a GUID"];

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

        // Here user name and password stand beside the address.
        foreach (string problem in PrometheusOptionsValidation.Validate(stores.Options()))
        {
            yield return problem.Replace(":BasicAuth:", ":", StringComparison.Ordinal);
        }
    }
}
