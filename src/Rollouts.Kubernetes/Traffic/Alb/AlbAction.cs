using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rollouts.Kubernetes.Traffic;

/// <summary>A forward action as an annotation has it. The controller reads its field names without regard to case, and so does this.</summary>
internal sealed class AlbAction(JsonObject forward)
{
    private static readonly JsonNodeOptions AnyCase = new() { PropertyNameCaseInsensitive = true };

    /// <summary>How long clients stay with their target group; null when the action does not say.</summary>
    public JsonNode? Stickiness => forward["targetGroupStickinessConfig"];

    /// <summary>Null when there is no annotation, or it is no forward action to several target groups.</summary>
    public static AlbAction? Read(string? annotation) => Parse(annotation) is JsonObject action && action["forwardConfig"] is JsonObject forward ? new AlbAction(forward) : null;

    /// <summary>Null when the text is no JSON.</summary>
    public static JsonNode? Parse(string? annotation)
    {
        try
        {
            return annotation is null ? null : JsonNode.Parse(annotation, AnyCase);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The weight of a service's target group; 0 when it has none. A group without a weight has 1.</summary>
    public int WeightOf(string service) => JsonShape.Objects(forward["targetGroups"])
        .Where(g => JsonShape.Text(g["serviceName"]) == service)
        .Select(g => JsonShape.Number(g["weight"]) ?? 1)
        .FirstOrDefault(0);
}
