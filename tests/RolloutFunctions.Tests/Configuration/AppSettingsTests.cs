using Microsoft.Extensions.Configuration;
using RolloutFunctions.Configuration;

namespace RolloutFunctions.Tests.Configuration;

public sealed class AppSettingsTests
{
    private static readonly Dictionary<string, string?> Good = new()
    {
        ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true",
        ["Clusters:prod:Kind"] = "Aks",
        ["Clusters:prod:Server"] = "https://prod.example",
        ["Clusters:prod:Namespaces:0"] = "shop",
        ["Prometheus:Addresses:0:Address"] = "https://prometheus.example",
        ["Prometheus:Addresses:0:Entra"] = "true",
    };

    [Fact]
    public void Read_Good_IsRead()
    {
        AppSettings settings = Read([]);

        Assert.Equal(ClusterKind.Aks, settings.Clusters["prod"].Kind);
        Assert.True(settings.Prometheus.Addresses[0].Entra);
    }

    [Theory]
    [InlineData("Clusters:prod:Kind", null, "Clusters:prod:Kind")]
    [InlineData("Clusters:prod:Kind", "Docker", "Clusters:prod:Kind")]
    [InlineData("Clusters:prod:Server", null, "Clusters:prod:Server")]
    [InlineData("Clusters:prod:Namespaces:0", null, "Clusters:prod:Namespaces")]
    [InlineData("Clusters:prod:Namspaces:0", "shop", "Namspaces")]
    [InlineData("Prometheus:Addresses:0:Address", null, "Prometheus:Addresses:0:Address")]
    [InlineData("Prometheus:Addresses:0:Address", "http://prometheus.example", "Prometheus:Addresses:0:Entra")]
    [InlineData("Prometheus:Addresses:0:BearerToken", "secret-token", "Prometheus:Addresses:0:Entra")]
    [InlineData("AzureWebJobsStorage", null, "AzureWebJobsStorage")]
    public void Read_Wrong_NamesTheKeyAndNoSecret(string key, string? value, string named)
    {
        ConfigurationException wrong = Assert.Throws<ConfigurationException>(() => Read(new() { [key] = value, ["Clusters:other:Kind"] = value is null ? null : "InCluster" }));

        Assert.Contains(named, wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-token", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Empty_TellsEveryProblemAtOnce()
    {
        ConfigurationException wrong = Assert.Throws<ConfigurationException>(() => AppSettings.Read(new ConfigurationBuilder().Build()));

        Assert.Equal(2, wrong.Problems.Count);
    }

    private static AppSettings Read(Dictionary<string, string?> changes) => AppSettings.Read(new ConfigurationBuilder()
        .AddInMemoryCollection(Good.Concat(changes).GroupBy(p => p.Key).Select(g => g.Last()).Where(p => p.Value is not null)).Build());
}
