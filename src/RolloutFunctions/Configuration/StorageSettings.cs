using Azure.Core;
using Azure.Data.Tables;
using Microsoft.Extensions.Configuration;
using Rollouts.AzureStorage;

namespace RolloutFunctions.Configuration;

/// <summary>The app's own storage account, as the Functions host is told of it: the journal stands beside the task hub.</summary>
public sealed record StorageSettings
{
    /// <summary><c>AzureWebJobsStorage</c>.</summary>
    public string? ConnectionString { get; init; }

    /// <summary><c>AzureWebJobsStorage__tableServiceUri</c>, or made of <c>AzureWebJobsStorage__accountName</c>.</summary>
    public Uri? TableServiceUri { get; init; }

    /// <summary>The key that the endpoint was read from; null when neither is set.</summary>
    internal string? EndpointKey { get; init; }

    public static StorageSettings Read(IConfiguration configuration)
    {
        IConfigurationSection section = configuration.GetSection("AzureWebJobsStorage");
        (string? key, string? uri) = (section["tableServiceUri"], section["accountName"]) switch
        {
            ({ Length: > 0 } given, _) => ("tableServiceUri", given),
            (_, { Length: > 0 } account) => ("accountName", $"https://{account}.table.core.windows.net"),
            _ => (null, null),
        };
        return new StorageSettings
        {
            ConnectionString = section.Value,
            TableServiceUri = Uri.TryCreate(uri, UriKind.Absolute, out Uri? parsed) ? parsed : null,
            EndpointKey = key,
        };
    }

    public TableServiceClient Connect(TokenCredential credential) =>
        string.IsNullOrEmpty(ConnectionString) ? TableAccess.Connect(TableServiceUri!, credential) : TableAccess.Connect(ConnectionString);
}
