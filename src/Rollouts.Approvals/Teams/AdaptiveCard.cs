using System.Text.Json.Serialization;

namespace Rollouts.Approvals.Teams;

/// <summary>A message to a workflow "when a Teams webhook request is received".</summary>
internal sealed record TeamsMessage(IReadOnlyList<CardAttachment> Attachments)
{
    public string Type { get; } = "message";
}

internal sealed record CardAttachment(AdaptiveCard Content)
{
    public string ContentType { get; } = "application/vnd.microsoft.card.adaptive";
}

/// <summary>An Adaptive Card; 1.4 is what Teams shows everywhere.</summary>
internal sealed record AdaptiveCard
{
    [JsonPropertyName("$schema")]
    public string Schema { get; } = "http://adaptivecards.io/schemas/adaptive-card.json";

    public string Type { get; } = "AdaptiveCard";

    public string Version { get; } = "1.4";

    public required IReadOnlyList<CardElement> Body { get; init; }

    public IReadOnlyList<OpenUrlAction>? Actions { get; init; }

    /// <summary>What screen readers and notifications say.</summary>
    public string? FallbackText { get; init; }
}

[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(TextBlock), "TextBlock")]
[JsonDerivedType(typeof(FactSet), "FactSet")]
[JsonDerivedType(typeof(CardImage), "Image")]
internal abstract record CardElement;

internal sealed record TextBlock(string Text) : CardElement
{
    public bool Wrap { get; } = true;

    public string? Size { get; init; }

    public string? Weight { get; init; }

    public bool? IsSubtle { get; init; }
}

internal sealed record FactSet(IReadOnlyList<CardFact> Facts) : CardElement;

internal sealed record CardFact(string Title, string Value);

internal sealed record CardImage(string Url, string AltText) : CardElement
{
    public string Size { get; } = "Stretch";
}

/// <summary>Opens a page. A card that a webhook posts has no other button that reaches us.</summary>
internal sealed record OpenUrlAction(string Title, string Url)
{
    public string Type { get; } = "Action.OpenUrl";
}

/// <summary>An answer to an outgoing webhook.</summary>
internal sealed record TeamsReply(string Text)
{
    public string Type { get; } = "message";
}

/// <summary>A message to an outgoing webhook; the member that is needed here.</summary>
internal sealed record TeamsCall(string? Text);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TeamsMessage))]
[JsonSerializable(typeof(TeamsReply))]
[JsonSerializable(typeof(TeamsCall))]
internal sealed partial class TeamsJson : JsonSerializerContext;
