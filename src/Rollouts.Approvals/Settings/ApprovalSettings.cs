using Microsoft.Extensions.Configuration;
using Rollouts.Policy;

namespace Rollouts.Approvals.Settings;

/// <summary>
/// What the operator sets up for people: channels, chat, links, and what each environment asks for. Read once at the start; every problem is told with its
/// key. Each part is optional: without it, what needs it is refused with a clear word.
/// </summary>
public sealed record ApprovalSettings
{
    /// <summary>The workspace, under <c>Slack</c>. Default none.</summary>
    public SlackSettings? Slack { get; init; }

    /// <summary>The outgoing webhook, under <c>Teams</c>. Default none.</summary>
    public TeamsSettings? Teams { get; init; }

    /// <summary>Signed links, under <c>Links</c>. Default none: posts then carry no links and no charts.</summary>
    public LinkSettings? Links { get; init; }

    /// <summary>The channels that releases may name, under <c>Channels:&lt;name&gt;</c>. Default none.</summary>
    public IReadOnlyDictionary<string, ChannelSettings> Channels { get; init; } = new Dictionary<string, ChannelSettings>();

    /// <summary>The environments, under <c>Environments:&lt;name&gt;</c>. Default none.</summary>
    public IReadOnlyDictionary<string, EnvironmentSettings> Environments { get; init; } = new Dictionary<string, EnvironmentSettings>();

    /// <summary>The settings, and everything that is wrong with them, each beginning with its key.</summary>
    public static (ApprovalSettings Settings, IReadOnlyList<string> Problems) Read(IConfiguration configuration)
    {
        List<string> problems = [];
        ApprovalSettings settings = new()
        {
            Slack = Bind<SlackSettings>(configuration, "Slack", problems),
            Teams = Bind<TeamsSettings>(configuration, "Teams", problems),
            Links = Bind<LinkSettings>(configuration, "Links", problems),
            Channels = Bind<Dictionary<string, ChannelSettings>>(configuration, "Channels", problems) ?? [],
            Environments = Bind<Dictionary<string, EnvironmentSettings>>(configuration, "Environments", problems) ?? [],
        };
        return (settings, problems.Count > 0 ? problems : [.. ApprovalSettingsRules.Check(settings)]);
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

/// <summary>A Slack app in one workspace or more.</summary>
public sealed record SlackSettings
{
    /// <summary>The bot token (<c>xoxb-…</c>), if not in a file. Required for posting.</summary>
    public string? BotToken { get; init; }

    /// <summary>A file with it.</summary>
    public string? BotTokenFile { get; init; }

    /// <summary>The signing secret, if not in a file. Required for buttons and the slash command.</summary>
    public string? SigningSecret { get; init; }

    /// <summary>A file with it.</summary>
    public string? SigningSecretFile { get; init; }

    /// <summary>The ids of the workspaces that are listened to (<c>T…</c>). Required with a signing secret.</summary>
    public IReadOnlyList<string> Teams { get; init; } = [];

    /// <summary>The ids of those who may press a button or give a command (<c>U…</c>). Default, with no groups either: everybody in the workspaces.</summary>
    public IReadOnlyList<string> Users { get; init; } = [];

    /// <summary>The ids of user groups whose members may too (<c>S…</c>).</summary>
    public IReadOnlyList<string> UserGroups { get; init; } = [];

    /// <summary>Where the Web API is. Default <c>https://slack.com/api/</c>.</summary>
    public string ApiAddress { get; init; } = "https://slack.com/api/";

    /// <summary>What a response URL has to begin with. Default <c>https://hooks.slack.com/</c>.</summary>
    public string ResponseAddress { get; init; } = "https://hooks.slack.com/";
}

/// <summary>An outgoing webhook of Microsoft Teams, for questions about the status.</summary>
public sealed record TeamsSettings
{
    /// <summary>The security token that Teams showed when the webhook was made (base64), if not in a file.</summary>
    public string? OutgoingToken { get; init; }

    /// <summary>A file with it.</summary>
    public string? OutgoingTokenFile { get; init; }
}

/// <summary>Signed links to pages and pictures of this app.</summary>
public sealed record LinkSettings
{
    /// <summary>Required. Where people and chat reach this app, for instance <c>https://rollouts.example.com/</c>.</summary>
    public string? PublicAddress { get; init; }

    /// <summary>Required, one or two. The first signs; both are accepted, so that keys can change without a gap.</summary>
    public IReadOnlyList<LinkKeySettings> Keys { get; init; } = [];

    /// <summary>How long a link is good at most, where its question stays open longer. Default 24 hours.</summary>
    public TimeSpan GoodFor { get; init; } = TimeSpan.FromHours(24);
}

/// <summary>A key that signs links.</summary>
public sealed record LinkKeySettings
{
    /// <summary>Required. Its name in links: letters and digits.</summary>
    public string? Id { get; init; }

    /// <summary>At least 32 random bytes in base64 (<c>openssl rand -base64 32</c>), if not in a file.</summary>
    public string? Secret { get; init; }

    /// <summary>A file with them.</summary>
    public string? SecretFile { get; init; }
}

/// <summary>A channel: one of the two.</summary>
public sealed record ChannelSettings
{
    /// <summary>A Slack channel's id (<c>C…</c>). The bot has to be a member.</summary>
    public string? Slack { get; init; }

    /// <summary>The URL of a Teams workflow "when a Teams webhook request is received", if not in a file. It is a secret.</summary>
    public string? Teams { get; init; }

    /// <summary>A file with the URL.</summary>
    public string? TeamsFile { get; init; }
}

/// <summary>What the operator asks of releases that go to an environment.</summary>
public sealed record EnvironmentSettings
{
    /// <summary>Required, at least one; <c>*</c> stands for all that are not listed elsewhere.</summary>
    public IReadOnlyList<string> Namespaces { get; init; } = [];

    /// <summary>Holds beside the release's own policy. Default nothing.</summary>
    public ApprovalPolicy? Approval { get; init; }

    /// <summary>The channels of releases that name none. Default none.</summary>
    public IReadOnlyList<string> Channels { get; init; } = [];
}
