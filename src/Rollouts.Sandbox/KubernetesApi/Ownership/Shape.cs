using System.Text.Json.Nodes;
using Rollouts.Sandbox.KubernetesApi.Schemas;

namespace Rollouts.Sandbox.KubernetesApi.Ownership;

/// <summary>A part of a value that can be owned on its own.</summary>
/// <param name="Step">Its step in a <see cref="FieldSet"/>.</param>
/// <param name="Key">Its key in an object; null in a list.</param>
/// <param name="Schema">What it is declared as.</param>
/// <param name="IsItem">Whether it exists by being in the collection (a list item, an entry of a map) and not by being declared.</param>
internal sealed record Part(string Step, string? Key, Schema Schema, bool IsItem);

/// <summary>How values fall into parts: objects into fields, maps into entries, keyed lists into items, and everything else not at all.</summary>
internal static class Shape
{
    /// <summary>Whether a value of this schema is owned as one piece.</summary>
    public static bool IsLeaf(Schema schema, JsonNode? value) => schema switch
    {
        StructSchema { Atomic: false } or MapSchema { Atomic: false } => value is not JsonObject,
        ListSchema { Rule.IsAtomic: false } => value is not JsonArray,
        AnySchema => value is not JsonObject,
        _ => true,
    };

    /// <summary>The parts of a value that is no leaf, in their order.</summary>
    public static IEnumerable<(Part Part, JsonNode? Value)> Parts(Schema schema, JsonNode? value) => (schema, value) switch
    {
        (StructSchema declared, JsonObject fields) => fields.Where(f => declared.Fields.ContainsKey(f.Key))
            .Select(f => (new Part("f:" + f.Key, f.Key, declared.Fields[f.Key], false), f.Value)),
        (MapSchema map, JsonObject entries) => entries.Select(e => (new Part("f:" + e.Key, e.Key, map.Element, true), e.Value)),
        (AnySchema, JsonObject entries) => entries.Select(e => (new Part("f:" + e.Key, e.Key, Schema.Any, true), e.Value)),
        (ListSchema list, JsonArray items) => items.Select(i => (new Part(ItemStep(list.Rule, i), null, list.Element, true), i)),
        _ => [],
    };

    public static bool IsEmpty(JsonNode? value) => value is null or JsonObject { Count: 0 } or JsonArray { Count: 0 };

    private static string ItemStep(ListRule rule, JsonNode? item)
    {
        if (rule.IsSet)
        {
            return "v:" + (item?.ToJsonString() ?? "null");
        }

        var key = new JsonObject();
        foreach (var field in rule.MapKeys.Order(StringComparer.Ordinal))
        {
            key[field] = item?[field]?.DeepClone() ?? (field == "protocol" ? "TCP" : null);
        }

        return "k:" + key.ToJsonString();
    }
}
