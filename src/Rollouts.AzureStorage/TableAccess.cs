using Azure.Core;
using Azure.Data.Tables;

namespace Rollouts.AzureStorage;

/// <summary>Clients for table storage with time limits that fit turns of a rollout: an attempt gets 5 s, and three follow it.</summary>
public static class TableAccess
{
    private static readonly TimeSpan AttemptLimit = TimeSpan.FromSeconds(5);

    /// <param name="connectionString">Of a storage account; <c>UseDevelopmentStorage=true</c> is Azurite on its usual ports.</param>
    public static TableServiceClient Connect(string connectionString) => new(connectionString, Options());

    /// <param name="endpoint">The account's table endpoint.</param>
    /// <param name="credential">Needs the role Storage Table Data Contributor.</param>
    public static TableServiceClient Connect(Uri endpoint, TokenCredential credential) => new(endpoint, credential, Options());

    private static TableClientOptions Options()
    {
        TableClientOptions options = new();
        options.Retry.NetworkTimeout = AttemptLimit;
        options.Retry.MaxRetries = 3;
        options.Retry.Delay = TimeSpan.FromMilliseconds(200);
        options.Retry.MaxDelay = TimeSpan.FromSeconds(2);
        return options;
    }
}
