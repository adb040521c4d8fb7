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
        if (parsed.GetValue(Settings) is { } file)
        {
            builder.AddJsonFile(Path.GetFullPath(file), optional: false);
        }

        builder.AddEnvironmentVariables(Prefix);
        try
        {
            (ApprovalSettings settings, IReadOnlyList<string> problems) = ApprovalSettings.Read(builder.Build());
            return problems.Count == 0 ? settings : throw new InvalidInputException(string.Join(Environment.NewLine, problems));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new InvalidInputException($"--settings {parsed.GetValue(Settings)}: {(unreadable.InnerException ?? unreadable).Message}");
        }
    }
}
