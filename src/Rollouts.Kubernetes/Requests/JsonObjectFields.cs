using System.Text.Json.Nodes;

namespace Rollouts.Kubernetes.Requests;

/// <summary>What every object of a Kubernetes API has, read from its JSON.</summary>
internal static class JsonObjectFields
{
    public static string Name(this JsonObject value) => Text(value["metadata"]?["name"]) ?? "";

    public static string Namespace(this JsonObject value) => Text(value["metadata"]?["namespace"]) ?? "";

    public static string Uid(this JsonObject value) => Text(value["metadata"]?["uid"]) ?? "";

    public static string ResourceVersion(this JsonObject value) => Text(value["metadata"]?["resourceVersion"]) ?? "";

    public static long Generation(this JsonObject value) => Number(value["metadata"]?["generation"]);

    public static string? Label(this JsonObject value, string key) => Text(value["metadata"]?["labels"]?[key]);

    public static string? Annotation(this JsonObject value, string key) => Text(value["metadata"]?["annotations"]?[key]);

    public static void Annotate(this JsonObject value, string key, string text) => value.Part("metadata").Part("annotations")[key] = text;

    /// <summary>The object at a field, made where there is none.</summary>
    public static JsonObject Part(this JsonObject value, string field)
    {
        if (value[field] is JsonObject there)
        {
            return there;
        }

        JsonObject made = [];
        value[field] = made;
        return made;
    }

    /// <summary>A copy that shares nothing with the original.</summary>
    public static JsonObject Copy(this JsonObject value) => value.DeepClone().AsObject();

    /// <summary>A map of texts; empty where there is none.</summary>
    public static Dictionary<string, string> TextMap(JsonNode? map) =>
        (map as JsonObject ?? []).Where(p => p.Value is not null).ToDictionary(p => p.Key, p => Text(p.Value) ?? "", StringComparer.Ordinal);

    public static JsonObject Of(IEnumerable<KeyValuePair<string, string>> map) =>
        new(map.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)JsonValue.Create(p.Value))));

    /// <summary>Null for what is no text.</summary>
    public static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    /// <summary>0 for what is no number.</summary>
    public static long Number(JsonNode? node) => node is JsonValue value && value.TryGetValue(out long number) ? number : 0;
}
