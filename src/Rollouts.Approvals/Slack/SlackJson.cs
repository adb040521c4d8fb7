using System.Text.Json.Serialization;

namespace Rollouts.Approvals.Slack;

/// <summary>How Slack writes JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SlackMessage))]
[JsonSerializable(typeof(SlackPost))]
[JsonSerializable(typeof(SlackReply))]
[JsonSerializable(typeof(SlackAnswer))]
[JsonSerializable(typeof(SlackInteraction))]
internal sealed partial class SlackJson : JsonSerializerContext;

/// <summary>The body of <c>chat.postMessage</c> and <c>chat.update</c>.</summary>
internal sealed record SlackPost
{
    public required string Channel { get; init; }

    /// <summary>Of the message to change.</summary>
    public string? Ts { get; init; }

    /// <summary>Of the message that this one is a reply to.</summary>
    public string? ThreadTs { get; init; }

    public required string Text { get; init; }

    public IReadOnlyList<SlackBlock> Blocks { get; init; } = [];

    public SlackMetadata? Metadata { get; init; }

    // Otherwise Slack fetches every link of a message.
    public bool UnfurlLinks { get; }

    public bool UnfurlMedia { get; }
}

/// <summary>What is sent to a response URL: only whoever pressed the button sees it.</summary>
internal sealed record SlackReply(string Text)
{
    public string ResponseType { get; } = "ephemeral";

    public bool ReplaceOriginal { get; }
}

/// <summary>An answer of the Web API; those members that are needed here.</summary>
internal sealed record SlackAnswer
{
    public bool Ok { get; init; }

    public string? Error { get; init; }

    public string? Ts { get; init; }

    public IReadOnlyList<SlackFoundMessage>? Messages { get; init; }

    public bool HasMore { get; init; }

    public SlackCursor? ResponseMetadata { get; init; }

    public IReadOnlyList<string>? Users { get; init; }

    public SlackUser? User { get; init; }
}

internal sealed record SlackFoundMessage(string? Ts, SlackMetadata? Metadata);

internal sealed record SlackCursor(string? NextCursor);

internal sealed record SlackUser(SlackProfile? Profile);

internal sealed record SlackProfile(string? Email);
