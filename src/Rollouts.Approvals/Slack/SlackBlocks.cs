using System.Text.Json.Serialization;

namespace Rollouts.Approvals.Slack;

/// <summary>A message as Slack takes it.</summary>
internal sealed record SlackMessage
{
    /// <summary>What notifications and screen readers say.</summary>
    public required string Text { get; init; }

    public IReadOnlyList<SlackBlock> Blocks { get; init; } = [];

    public SlackMetadata? Metadata { get; init; }
}

/// <summary>What people do not see of a message: by it a post is found again.</summary>
internal sealed record SlackMetadata(string EventType, SlackMetadataPayload EventPayload);

/// <summary>Which post it is.</summary>
internal sealed record SlackMetadataPayload(string Rollout, string Post);

/// <summary>A block of Block Kit; those that are needed here.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(HeaderBlock), "header")]
[JsonDerivedType(typeof(SectionBlock), "section")]
[JsonDerivedType(typeof(ContextBlock), "context")]
[JsonDerivedType(typeof(ImageBlock), "image")]
[JsonDerivedType(typeof(ActionsBlock), "actions")]
internal abstract record SlackBlock;

internal sealed record HeaderBlock(PlainText Text) : SlackBlock;

internal sealed record SectionBlock(MarkdownText Text) : SlackBlock;

internal sealed record ContextBlock(IReadOnlyList<MarkdownText> Elements) : SlackBlock;

internal sealed record ImageBlock(string ImageUrl, string AltText) : SlackBlock;

internal sealed record ActionsBlock(string BlockId, IReadOnlyList<ButtonElement> Elements) : SlackBlock;

/// <summary>A button. One with a URL opens it, and sends its action all the same.</summary>
internal sealed record ButtonElement
{
    public string Type { get; } = "button";

    public required string ActionId { get; init; }

    public required PlainText Text { get; init; }

    public string? Style { get; init; }

    public string? Value { get; init; }

    public string? Url { get; init; }

    public ConfirmDialog? Confirm { get; init; }
}

/// <summary>Asks again before a button is taken at its word.</summary>
internal sealed record ConfirmDialog(PlainText Title, PlainText Text, PlainText Confirm, PlainText Deny, string Style);

internal sealed record PlainText(string Text)
{
    public string Type { get; } = "plain_text";
}

internal sealed record MarkdownText(string Text)
{
    public string Type { get; } = "mrkdwn";
}
