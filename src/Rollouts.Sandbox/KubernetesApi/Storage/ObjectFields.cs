using System.Text.Json.Nodes;

namespace Rollouts.Sandbox.KubernetesApi.Storage;

/// <summary>The fields that every object has.</summary>
internal static class ObjectFields
{
    public static JsonObject Metadata(this JsonObject value)
    {
        if (value["metadata"] is JsonObject metadata)
        {
            return metadata;
        }

        metadata = [];
        value["metadata"] = metadata;
        return metadata;
    }

    public static string Name(this JsonObject value) => value.Meta("name");

    public static string Namespace(this JsonObject value) => value.Meta("namespace");

    public static string ResourceVersion(this JsonObject value) => value.Meta("resourceVersion");

    public static string Uid(this JsonObject value) => value.Meta("uid");

    public static bool IsDeleting(this JsonObject value) => value["metadata"]?["deletionTimestamp"] is not null;

    public static IReadOnlyList<string> Finalizers(this JsonObject value) =>
        value["metadata"]?["finalizers"] is JsonArray finalizers ? [.. finalizers.Select(f => (string)f!)] : [];

    public static IEnumerable<KeyValuePair<string, string>> Labels(this JsonObject value) =>
        value["metadata"]?["labels"] is JsonObject labels ? labels.Select(l => KeyValuePair.Create(l.Key, (string)l.Value!)) : [];

    public static JsonObject Copy(this JsonObject value) => (JsonObject)value.DeepClone();

    /// <summary>Sets a field to what another object has there, absence included.</summary>
    public static void Take(this JsonObject value, string field, JsonObject? from)
    {
        if (from?[field] is { } taken)
        {
            value[field] = taken.DeepClone();
        }
        else
        {
            value.Remove(field);
        }
    }

    private static string Meta(this JsonObject value, string field) => (string?)value["metadata"]?[field] ?? "";
}
