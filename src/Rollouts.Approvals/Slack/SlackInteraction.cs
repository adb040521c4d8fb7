using System.Text.Json;

namespace Rollouts.Approvals.Slack;

/// <summary>What Slack sends when somebody presses a button; those members that are needed here.</summary>
internal sealed record SlackInteraction
{
    public string? Type { get; init; }

    public SlackSender? User { get; init; }

    public SlackTeam? Team { get; init; }

    public IReadOnlyList<SlackAction>? Actions { get; init; }

    public string? ResponseUrl { get; init; }

    /// <summary>Null when the text is no interaction.</summary>
    public static SlackInteraction? Read(string payload)
    {
        try
        {
            return JsonSerializer.Deserialize(payload, SlackJson.Default.SlackInteraction);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>Who pressed it. The name is for people; ids decide.</summary>
internal sealed record SlackSender(string? Id, string? Username, string? TeamId);

internal sealed record SlackTeam(string? Id);

internal sealed record SlackAction(string? ActionId, string? Value, string? ActionTs);
