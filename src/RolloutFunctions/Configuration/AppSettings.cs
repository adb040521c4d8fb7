using Microsoft.Extensions.Configuration;
using Rollouts.Approvals.Settings;
using Rollouts.Http.Access;

namespace RolloutFunctions.Configuration;

/// <summary>The app's settings, read and checked once at the start. Every problem is told with its key; the first start with a wrong setting is the last.</summary>
public sealed record AppSettings
{
    /// <summary>The clusters by name.</summary>
    public required IReadOnlyDictionary<string, ClusterSettings> Clusters { get; init; }

    public required MetricStoreSettings Prometheus { get; init; }

    public required StorageSettings Storage { get; init; }

    /// <summary>The web services that templates may ask. Default none.</summary>
    public WebSettings Web { get; init; } = new();

    /// <summary>Templates that a release may name without carrying them. Default none but those in the cluster.</summary>
    public TemplateSettings Templates { get; init; } = new();

    /// <summary>Which app roles give which right, under <c>Access</c>. Default: <c>rollouts.read</c>, <c>rollouts.start</c>, <c>rollouts.decide</c>.</summary>
    public AccessRoles Access { get; init; } = new();

    /// <summary>Channels, chat, signed links and environments, under <c>Channels</c>, <c>Slack</c>, <c>Teams</c>, <c>Links</c>, <c>Environments</c>. Default none.</summary>
    public ApprovalSettings Approvals { get; init; } = new();

    /// <summary>The client id of a user-assigned identity (<c>AZURE_CLIENT_ID</c>). Default: the system-assigned one.</summary>
    public string? ClientId { get; init; }

    /// <exception cref="ConfigurationException">Something is missing or wrong; the message has every problem with its key.</exception>
    public static AppSettings Read(IConfiguration configuration)
    {
        (ApprovalSettings approvals, IReadOnlyList<string> wrong) = ApprovalSettings.Read(configuration);
        List<string> problems = [.. wrong];
        AppSettings settings = new()
        {
            Clusters = Bind<Dictionary<string, ClusterSettings>>(configuration, "Clusters", problems) ?? [],
            Prometheus = Bind<MetricStoreSettings>(configuration, "Prometheus", problems) ?? new MetricStoreSettings(),
            Storage = StorageSettings.Read(configuration),
            Web = Bind<WebSettings>(configuration, "Web", problems) ?? new WebSettings(),
            Templates = Bind<TemplateSettings>(configuration, "Templates", problems) ?? new TemplateSettings(),
            Access = Bind<AccessRoles>(configuration, "Access", problems) ?? new AccessRoles(),
            Approvals = approvals,
            ClientId = configuration["AZURE_CLIENT_ID"],
        };
        if (problems.Count == 0)
        {
            problems.AddRange(SettingsRules.Check(settings));
        }

        return problems.Count == 0 ? settings : throw new ConfigurationException(problems);
    }

    private static T? Bind<T>(IConfiguration configuration, string section, List<string> problems)
        where T : class
    {
        try
        {
            return configuration.GetSection(section).Get<T>(o => o.ErrorOnUnknownConfiguration = true);
        }
        catch (InvalidOperationException wrong)
        {
            // The outer message says only that something is wrong; the inner one names the key.
            problems.Add($"{section}: {(wrong.InnerException ?? wrong).Message}");
            return null;
        }
    }
}

/// <summary>Settings are missing or wrong.</summary>
public sealed class ConfigurationException(IReadOnlyList<string> problems)
    : Exception($"The settings have problems:{Environment.NewLine}{string.Join(Environment.NewLine, problems)}")
{
    /// <summary>Each begins with its key.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
