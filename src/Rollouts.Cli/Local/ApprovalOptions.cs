using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Rollouts.Approvals.Settings;

namespace Rollouts.Cli.Local;

/// <summary>The settings of chat, links and environments: a JSON file, and over it variables such as <c>ROLLOUTS_Slack__BotToken</c>.</summary>
internal sealed class ApprovalOptions
{
    private const string Prefix = "ROLLOUTS_";

    public Option<string?> Settings { get; } = new("--settings")
    {
        Description = $"Channels, Slack, Teams, signed links and environments, as JSON; variables such as {Prefix}Slack__BotToken stand over it",
        HelpName = "FILE",
    };

    /// <exception cref="InvalidInputException">A setting can't be used; each problem is told with its key.</exception>
    public ApprovalSettings Read(ParseResult parsed)
    {
        ConfigurationBuilder builder = new();
        string? file = parsed.GetValue(Settings);
        if (file is { Length: 0 })
        {
            throw new InvalidInputException("--settings: must name a file; leave the option out to have none");
        }

        try
        {
            if (file is not null)
            {
                builder.AddJsonFile(Path.GetFullPath(file), optional: false);
            }

            builder.AddEnvironmentVariables(Prefix);
            (ApprovalSettings settings, IReadOnlyList<string> problems) = ApprovalSettings.Read(builder.Build());
            return problems.Count == 0 ? settings : throw new InvalidInputException(string.Join(Environment.NewLine, problems));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new InvalidInputException($"--settings {file}: {(unreadable.InnerException ?? unreadable).Message}");
        }
    }
}
