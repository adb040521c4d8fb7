using System.Reflection;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RolloutFunctions.Configuration;
using RolloutFunctions.Engine;
using RolloutFunctions.Http;
using RolloutFunctions.Orchestration;
using RolloutFunctions.Watchdog;
using Rollouts.Http.Access;

namespace RolloutFunctions.Tests.Configuration;

public sealed class AppSettingsTests
{
    private static readonly string Typo = Written("no-pem.txt", "a: [");

    private static readonly Dictionary<string, string?> Good = new()
    {
        ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true",
        ["Clusters:prod:Kind"] = "Aks",
        ["Clusters:prod:Server"] = "https://prod.example",
        ["Clusters:prod:CertificateAuthorityFile"] = Written("authority.pem", Authority()),
        ["Clusters:prod:Namespaces:0"] = "shop",
        ["Clusters:test:Kind"] = "Token",
        ["Clusters:test:Server"] = "https://test.example",
        ["Clusters:test:Token"] = "secret-test",
        ["Clusters:test:Namespaces:0"] = "shop",
        ["Clusters:home:Kind"] = "Kubeconfig",
        ["Clusters:home:Kubeconfig"] = Written("kubeconfig.yaml", Kubeconfig),
        ["Clusters:home:Context"] = "home",
        ["Clusters:home:Namespaces:0"] = "garage",
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

    /// <summary>Whatever the key, with a value that it can't have.</summary>
    [Theory]
    [InlineData("AzureWebJobsStorage", null)]
    [InlineData("AzureWebJobsStorage", "secret-connection")]
    [InlineData("AzureWebJobsStorage", "AccountName=secret-connection;DefaultEndpointsProtocol=https")]
    [InlineData("AzureWebJobsStorage:accountName", "no account", "AzureWebJobsStorage")]
    [InlineData("AzureWebJobsStorage:tableServiceUri", "nowhere", "AzureWebJobsStorage")]
    [InlineData("AZURE_CLIENT_ID", "my identity")]
    [InlineData("Clusters:prod:Kind", null)]
    [InlineData("Clusters:prod:Kind", "Docker")]
    [InlineData("Clusters:prod:Kind", "Kubeconfig", "", "Clusters:prod:Server")]
    [InlineData("Clusters:prod:Kind", "InCluster", "Clusters:prod:Server,Clusters:prod:CertificateAuthorityFile")]
    [InlineData("Clusters:prod:Server", null)]
    [InlineData("Clusters:prod:Server", "prod")]
    [InlineData("Clusters:prod:Server", "http://prod.example")]
    [InlineData("Clusters:prod:Server", "https://user:secret-token@prod.example")]
    [InlineData("Clusters:prod:Namespaces:0", null, "", "Clusters:prod:Namespaces")]
    [InlineData("Clusters:prod:Namespaces:0", " ")]
    [InlineData("Clusters:prod:Namspaces:0", "shop", "", "Namspaces")]
    [InlineData("Clusters:prod:CertificateAuthorityFile", null, "", "Clusters:prod:CertificateAuthorityData")]
    [InlineData("Clusters:prod:CertificateAuthorityFile", "/nowhere.pem")]
    [InlineData("Clusters:prod:CertificateAuthorityFile", "NO-PEM")]
    [InlineData("Clusters:prod:CertificateAuthorityData", "bm8=")]
    [InlineData("Clusters:prod:CertificateAuthorityData", "bm8=", "Clusters:prod:CertificateAuthorityFile")]
    [InlineData("Clusters:prod:Token", "secret-token")]
    [InlineData("Clusters:prod:TokenFile", "/nowhere")]
    [InlineData("Clusters:prod:Kubeconfig", "/nowhere")]
    [InlineData("Clusters:prod:Context", "nowhere")]
    [InlineData("Clusters:test:Token", "")]
    [InlineData("Clusters:test:TokenFile", "/nowhere", "Clusters:test:Token")]
    [InlineData("Clusters:test:TokenFile", "/nowhere", "", "Clusters:test:Token")]
    [InlineData("Clusters:home:Kubeconfig", "/nowhere")]
    [InlineData("Clusters:home:Kubeconfig", "NO-PEM")]
    [InlineData("Clusters:home:Context", "nowhere")]
    [InlineData("Clusters:a/b:Kind", "InCluster", "", "Clusters:a/b")]
    [InlineData("Clusters:home:Kind", "InCluster", "Clusters:home:Kubeconfig,Clusters:home:Context")]
    [InlineData("Prometheus:Addresses:0:Address", null)]
    [InlineData("Prometheus:Addresses:0:Address", "prometheus:9090")]
    [InlineData("Prometheus:Addresses:0:Address", "http://prometheus.example", "", "Prometheus:Addresses:0:Entra")]
    [InlineData("Prometheus:Addresses:0:Entra", "perhaps")]
    [InlineData("Prometheus:Addresses:0:BearerToken", "secret-token", "", "Prometheus:Addresses:0:Entra")]
    [InlineData("Prometheus:Addresses:0:BearerTokenFile", "/nowhere")]
    [InlineData("Prometheus:Addresses:0:Username", "jo:", "Prometheus:Addresses:0:Entra")]
    [InlineData("Prometheus:Addresses:0:Username", "jo", "Prometheus:Addresses:0:Entra", "Prometheus:Addresses:0")]
    [InlineData("Prometheus:Addresses:0:Password", "secret-token", "", "Prometheus:Addresses:0:Username")]
    [InlineData("Prometheus:Addresses:0:PasswordFile", "/nowhere", "", "Prometheus:Addresses:0:Username")]
    [InlineData("Prometheus:Addresses:0:CaFile", "/nowhere")]
    [InlineData("Prometheus:Addresses:0:AllowInsecure", "perhaps")]
    [InlineData("Prometheus:DefaultAddress", "http://elsewhere.example")]
    [InlineData("Prometheus:TokenAddresses:0", "login")]
    [InlineData("Web:Addresses:0:Address", "load-tests")]
    [InlineData("Web:Addresses:0:CaFile", "/nowhere")]
    [InlineData("Web:Addresses:0:AllowInsecure", "perhaps")]
    [InlineData("Web:TokenAddresses:0", "login")]
    [InlineData("Templates:Folder", "/nowhere")]
    [InlineData("Templates:Foldr", "/nowhere", "", "Foldr")]
    [InlineData("Access:Read", "")]
    [InlineData("Access:Start", " ")]
    [InlineData("Access:Decide", "")]
    [InlineData("Slack:BotTokenFile", "/nowhere")]
    public void Start_WrongSetting_IsStoppedWithTheKeyAndNoSecret(string key, string? value, string without = "", string? named = null)
    {
        Dictionary<string, string?> changes = without.Split(',', StringSplitOptions.RemoveEmptyEntries).ToDictionary(k => k, _ => (string?)null);
        changes[key] = value == "NO-PEM" ? Typo : value;

        ConfigurationException wrong = Assert.Throws<ConfigurationException>(() => Start(changes));

        Assert.Contains(wrong.Problems, p => p.StartsWith($"{named ?? key}:", StringComparison.Ordinal) || p.Contains($"{named ?? key}'", StringComparison.Ordinal));
        Assert.DoesNotContain("secret-", wrong.Message, StringComparison.Ordinal);
    }

    /// <summary>Every option that there is has a row above; a new one without fails here.</summary>
    [Fact]
    public void Start_EveryOption_HasARowAbove()
    {
        string[] tried = [.. GetType().GetMethod(nameof(Start_WrongSetting_IsStoppedWithTheKeyAndNoSecret))!
            .GetCustomAttributes<InlineDataAttribute>().Select(row => $"{row.Data[0]}")];
        (string Prefix, Type Section)[] sections =
        [
            ("Clusters:", typeof(ClusterSettings)), ("Prometheus:", typeof(MetricStoreSettings)), ("Prometheus:", typeof(MetricStoreAddress)), ("Web:", typeof(WebSettings)),
            ("Web:", typeof(WebServiceAddress)), ("Templates:", typeof(TemplateSettings)), ("Access:", typeof(AccessRoles)),
        ];

        foreach ((string prefix, Type section) in sections)
        {
            foreach (PropertyInfo option in section.GetProperties())
            {
                Assert.Contains(tried, key => key.StartsWith(prefix, StringComparison.Ordinal) && key.Split(':').Contains(option.Name));
            }
        }
    }

    [Fact]
    public void Start_Good_Starts()
    {
        using ServiceProvider services = Start([]);

        Assert.NotNull(services.GetRequiredService<EffectActivities>());
        Assert.NotNull(services.GetRequiredService<RolloutWatch>());
        Assert.NotNull(services.GetRequiredService<DurableEngines>());
        Assert.NotNull(services.GetRequiredService<SignedInSite>());
    }

    /// <summary>What a developer copies is what the sandbox and Azurite need, as it is.</summary>
    [Fact]
    public void Start_SampleSettings_Starts()
    {
        using JsonDocument sample = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "local.settings.sample.json")));
        Dictionary<string, string?> values = sample.RootElement.GetProperty("Values").EnumerateObject()
            .ToDictionary(v => v.Name.Replace("__", ":", StringComparison.Ordinal), v => v.Value.GetString());

        AppSettings settings = AppSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
        new ServiceCollection().AddLogging().AddRollouts(settings);

        Assert.Equal(new Uri("http://127.0.0.1:7072"), settings.Clusters["sandbox"].Server);
        Assert.Equal("http://127.0.0.1:7073", settings.Prometheus.DefaultAddress);
    }

    [Fact]
    public void Read_Empty_TellsEveryProblemAtOnce()
    {
        ConfigurationException wrong = Assert.Throws<ConfigurationException>(() => AppSettings.Read(new ConfigurationBuilder().Build()));

        Assert.Equal(2, wrong.Problems.Count);
    }

    private const string Kubeconfig = """
        current-context: home
        contexts: [{name: home, context: {cluster: home, user: jo}}]
        clusters: [{name: home, cluster: {server: "https://home.example"}}]
        users: [{name: jo, user: {token: secret-home}}]
        """;

    private static string Written(string name, string text)
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("rollouts-settings-").FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static string Authority()
    {
        using ECDsa key = ECDsa.Create();
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 authority = new CertificateRequest("CN=authority", key, HashAlgorithmName.SHA256).CreateSelfSigned(now, now.AddDays(1));
        return authority.ExportCertificatePem();
    }

    private static ServiceProvider Start(Dictionary<string, string?> changes) =>
        new ServiceCollection().AddLogging().AddRollouts(Read(changes)).BuildServiceProvider();

    private static AppSettings Read(Dictionary<string, string?> changes) => AppSettings.Read(new ConfigurationBuilder()
        .AddInMemoryCollection(Good.Concat(changes).GroupBy(p => p.Key).Select(g => g.Last()).Where(p => p.Value is not null)).Build());
}
