using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rollouts.Http;

/// <summary>The body of an undo. Every member is optional; an unknown one is refused by name.</summary>
internal sealed record UndoBody
{
    /// <summary>Who asks for it, where the host does not know better.</summary>
    public string? By { get; init; }

    public string? Reason { get; init; }

    public static bool TryRead(string text, out UndoBody body, out string? problem)
    {
        body = new UndoBody();
        problem = null;
        if (string.IsNullOrWhiteSpace(text))
        {
            return true;
        }

        try
        {
            body = JsonSerializer.Deserialize(text, UndoBodyJson.Default.UndoBody) ?? body;
        }
        catch (JsonException invalid)
        {
            problem = $"line {invalid.LineNumber + 1}: {invalid.Path}: {invalid.Message} Allowed are by and reason, both texts.";
            return false;
        }

        problem = body switch
        {
            { By: { Length: 0 or > 200 } } => "by: must have 1 to 200 characters",
            { Reason: { Length: 0 or > 2000 } } => "reason: must have 1 to 2000 characters",
            _ => null,
        };
        return problem is null;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(UndoBody))]
internal sealed partial class UndoBodyJson : JsonSerializerContext;
