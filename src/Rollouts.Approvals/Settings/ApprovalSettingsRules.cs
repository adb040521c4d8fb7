using Rollouts.Policy;

namespace Rollouts.Approvals.Settings;

/// <summary>What the settings have to keep. Each problem begins with its key.</summary>
internal static class ApprovalSettingsRules
{
    private const int FewestKeyBytes = 32;

    public static IEnumerable<string> Check(ApprovalSettings settings) =>
    [
        .. settings.Slack is { } slack ? Slack(slack) : [],
        .. settings.Teams is { } teams ? Teams(teams) : [],
        .. settings.Links is { } links ? Links(links) : [],
        .. settings.Channels.SelectMany(c => Channel(c.Key, c.Value, settings)),
        .. settings.Environments.SelectMany(e => Environment(e.Key, e.Value, settings)),
        .. Namespaces(settings.Environments),
    ];

    private static IEnumerable<string> Slack(SlackSettings slack)
    {
        if (Secret.Problem("Slack:BotToken", slack.BotToken, slack.BotTokenFile) is { } bot)
        {
            yield return bot;
        }

        if (Secret.Problem("Slack:SigningSecret", slack.SigningSecret, slack.SigningSecretFile) is { } signing)
        {
            yield return signing;
        }

        if ((slack.SigningSecret ?? slack.SigningSecretFile) is not null && slack.Teams.Count == 0)
        {
            yield return "Slack:Teams: required with a signing secret, the ids of the workspaces that are listened to (T…)";
        }

        if (slack.UserGroups.Count > 0 && (slack.BotToken ?? slack.BotTokenFile) is null)
        {
            yield return "Slack:UserGroups: needs a bot token, to ask who is a member";
        }

        foreach ((string key, string address) in new[] { ("ApiAddress", slack.ApiAddress), ("ResponseAddress", slack.ResponseAddress) })
        {
            if (!IsWeb(address) || !address.EndsWith('/'))
            {
                yield return $"Slack:{key}: must be an http or https URL that ends with /";
            }
        }
    }

    private static IEnumerable<string> Teams(TeamsSettings teams)
    {
        string? problem = Secret.Problem("Teams:OutgoingToken", teams.OutgoingToken, teams.OutgoingTokenFile, required: true)
            ?? (IsBase64(Secret.Read(teams.OutgoingToken, teams.OutgoingTokenFile)!, 1) ? null : "Teams:OutgoingToken: must be base64, as Teams shows it");
        if (problem is not null)
        {
            yield return problem;
        }
    }

    private static IEnumerable<string> Links(LinkSettings links)
    {
        if (!IsWeb(links.PublicAddress) || !links.PublicAddress!.EndsWith('/') || links.PublicAddress.Contains('?', StringComparison.Ordinal))
        {
            yield return "Links:PublicAddress: required, an http or https URL that ends with /, where people and chat reach this app";
        }

        if (links.Keys.Count is 0 or > 2)
        {
            yield return "Links:Keys: required, one key, or two while the second one is on its way out";
        }

        if (links.GoodFor <= TimeSpan.Zero || links.GoodFor > TimeSpan.FromDays(30))
        {
            yield return "Links:GoodFor: must be longer than 0 and at most 30 days";
        }

        for (int i = 0; i < links.Keys.Count; i++)
        {
            LinkKeySettings key = links.Keys[i];
            if (key.Id is not { Length: > 0 and <= 20 } id || !id.All(char.IsAsciiLetterOrDigit) || links.Keys.Count(k => k.Id == id) > 1)
            {
                yield return $"Links:Keys:{i}:Id: required, 1 to 20 letters and digits, another one for each key";
            }

            string? problem = Secret.Problem($"Links:Keys:{i}:Secret", key.Secret, key.SecretFile, required: true)
                ?? (IsBase64(Secret.Read(key.Secret, key.SecretFile)!, FewestKeyBytes)
                    ? null
                    : $"Links:Keys:{i}:Secret: must be at least {FewestKeyBytes} random bytes in base64; openssl rand -base64 32 makes them");
            if (problem is not null)
            {
                yield return problem;
            }
        }
    }

    private static IEnumerable<string> Channel(string name, ChannelSettings channel, ApprovalSettings settings)
    {
        string key = $"Channels:{name}";
        if (name.Length > 50 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            yield return $"{key}: a channel's name has 1 to 50 letters, digits, - and _";
        }

        if ((channel.Slack is null) == ((channel.Teams ?? channel.TeamsFile) is null))
        {
            yield return $"{key}: give either Slack, a channel's id, or Teams, a workflow's URL";
        }
        else if (channel.Slack is not null && (settings.Slack?.BotToken ?? settings.Slack?.BotTokenFile) is null)
        {
            yield return $"{key}:Slack: needs Slack:BotToken";
        }
        else if (channel.Slack is null && Secret.Problem($"{key}:Teams", channel.Teams, channel.TeamsFile) is { } problem)
        {
            yield return problem;
        }
        else if (channel.Slack is null && !IsWeb(Secret.Read(channel.Teams, channel.TeamsFile)))
        {
            yield return $"{key}:Teams: must be a workflow's http or https URL";
        }
    }

    private static IEnumerable<string> Environment(string name, EnvironmentSettings environment, ApprovalSettings settings)
    {
        string key = $"Environments:{name}";
        if (environment.Namespaces.Count == 0)
        {
            yield return $"{key}:Namespaces: required, the namespaces that belong to it, or *";
        }

        for (int i = 0; i < environment.Channels.Count; i++)
        {
            if (!settings.Channels.ContainsKey(environment.Channels[i]))
            {
                yield return $"{key}:Channels:{i}: there is no Channels:{environment.Channels[i]}";
            }
        }

        if (environment.Approval is { } approval && approval.Quorum is < 1 or > 10)
        {
            yield return $"{key}:Approval:Quorum: must be 1 to 10";
        }

        if (environment.Approval is { Abort: AbortBy.Approvers, NamesApprovers: false })
        {
            yield return $"{key}:Approval:Abort: needs approvers";
        }
    }

    private static IEnumerable<string> Namespaces(IReadOnlyDictionary<string, EnvironmentSettings> environments) => environments
        .SelectMany(e => e.Value.Namespaces.Select((n, i) => (Name: n, Key: $"Environments:{e.Key}:Namespaces:{i}")))
        .GroupBy(n => n.Name)
        .Where(g => g.Count() > 1)
        .Select(g => $"{g.Last().Key}: {g.Key} is listed as {g.First().Key} already");

    private static bool IsWeb(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp);

    private static bool IsBase64(string text, int fewest)
    {
        byte[] bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out int length) && length >= fewest;
    }
}
