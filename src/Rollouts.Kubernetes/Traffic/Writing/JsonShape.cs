using System.Text.Json.Nodes;
using Rollouts.Kubernetes.Requests;

namespace Rollouts.Kubernetes.Traffic;

/// <summary>Looks at JSON whose shape is not known for sure.</summary>
internal static class JsonShape
{
    /// <summary>The objects of a list; none when it is no list.</summary>
    public static IEnumerable<JsonObject> Objects(JsonNode? list) => (list as JsonArray ?? []).OfType<JsonObject>();

    /// <summary>An annotation; null when it is missing or empty.</summary>
    public static string? Mark(this JsonObject value, string key) => value.Annotation(key) is { Length: > 0 } text ? text : null;

    /// <summary>The object's annotations, made when there are none.</summary>
    public static JsonObject Annotations(this JsonObject value) => value.Part("metadata").Part("annotations");

    /// <summary>The object's labels, made when there are none.</summary>
    public static JsonObject Labels(this JsonObject value) => value.Part("metadata").Part("labels");

    /// <summary>The text; null when it is none.</summary>
    public static string? Text(JsonNode? node) => JsonObjectFields.Text(node);

    /// <summary>The whole number; null when it is none.</summary>
    public static int? Number(JsonNode? node) => node is not JsonValue value ? null
        : value.TryGetValue(out int number) ? number
        : value.TryGetValue(out long large) && large is >= int.MinValue and <= int.MaxValue ? (int)large
        : null;

    /// <summary>
    /// Whether a value holds all that is wanted of it: an object the wanted fields, whatever others the server has added; a list the same number of items.
    /// </summary>
    public static bool Holds(JsonNode? value, JsonNode? wanted) => (value, wanted) switch
    {
        (JsonObject has, JsonObject wants) => wants.All(w => Holds(has[w.Key], w.Value)),
        (JsonArray has, JsonArray wants) => has.Count == wants.Count && has.Zip(wants).All(p => Holds(p.First, p.Second)),
        _ => JsonNode.DeepEquals(value, wanted),
    };
}
