using System.Text.Json.Nodes;
using Rollouts.Sandbox.KubernetesApi.Schemas;

namespace Rollouts.Sandbox.KubernetesApi.Ownership;

/// <summary>What differs between two objects.</summary>
internal sealed record Differences(FieldSet Added, FieldSet Modified, FieldSet Removed)
{
    public static readonly Differences None = new(FieldSet.Empty, FieldSet.Empty, FieldSet.Empty);

    public FieldSet Written { get; } = Added.Union(Modified);

    public bool IsNone => Added.IsEmpty && Modified.IsEmpty && Removed.IsEmpty;

    public Differences With(string step, Differences child) =>
        new(Added.With(step, child.Added), Modified.With(step, child.Modified), Removed.With(step, child.Removed));
}

/// <summary>Field sets of objects, differences between objects, and objects put together from parts, as server-side apply defines them.</summary>
internal static class FieldSets
{
    /// <summary>Every field of a value.</summary>
    public static FieldSet Of(JsonNode? value, Schema schema)
    {
        if (Shape.IsLeaf(schema, value))
        {
            return FieldSet.Empty.AsMember();
        }

        var result = FieldSet.Empty;
        foreach (var (part, child) in Shape.Parts(schema, value))
        {
            var below = Of(child, part.Schema);
            result = result.With(part.Step, part.IsItem || Shape.IsEmpty(child) ? below.AsMember() : below);
        }

        return result;
    }

    /// <summary>
    /// The set where who owns a structure but none of its parts owns all of them. The real server takes it for a structure that was owned as
    /// one piece before its schema changed, and does so too when every part was taken away by others.
    /// </summary>
    public static FieldSet Expand(FieldSet set, JsonNode? value, Schema schema)
    {
        if (schema is AnySchema || Shape.IsLeaf(schema, value))
        {
            return set;
        }

        if (set.IsMember && !set.HasChildren)
        {
            return Of(value, schema).AsMember();
        }

        foreach (var (part, child) in Shape.Parts(schema, value))
        {
            var below = set.At(part.Step);
            set = below.IsEmpty ? set : set.With(part.Step, Expand(below, child, part.Schema));
        }

        return set;
    }

    public static Differences Compare(JsonNode? left, JsonNode? right, Schema schema)
    {
        var isLeaf = (left is null || Shape.IsLeaf(schema, left)) && (right is null || Shape.IsLeaf(schema, right));
        if (isLeaf || (Shape.IsEmpty(left) && Shape.IsEmpty(right)) || (left is not null && right is not null && Shape.IsLeaf(schema, left) != Shape.IsLeaf(schema, right)))
        {
            return CompareLeaves(left, right);
        }

        var (mine, theirs) = (Index(left, schema), Index(right, schema));
        var result = Differences.None;
        foreach (var step in mine.Keys.Union(theirs.Keys))
        {
            var (before, after) = (mine.GetValueOrDefault(step), theirs.GetValueOrDefault(step));
            result = result.With(step, Compare(before.Value, after.Value, (after.Part ?? before.Part!).Schema));
        }

        return (left, right) switch
        {
            (null, _) => result with { Added = result.Added.AsMember() },
            (_, null) => result with { Removed = result.Removed.AsMember() },
            _ => result,
        };
    }

    /// <summary>The live value with everything that the applied one has.</summary>
    public static JsonNode? Merge(JsonNode? live, JsonNode? applied, Schema schema)
    {
        if (live is null || applied is null || Shape.IsLeaf(schema, live) || Shape.IsLeaf(schema, applied))
        {
            return (applied ?? live)?.DeepClone();
        }

        var given = Index(applied, schema);
        var result = Like(live);
        foreach (var (part, value) in Shape.Parts(schema, live))
        {
            Put(result, part, given.Remove(part.Step, out var match) ? Merge(value, match.Value, part.Schema) : value?.DeepClone());
        }

        foreach (var (part, value) in given.Values)
        {
            Put(result, part!, value?.DeepClone());
        }

        return result;
    }

    /// <summary>The value without the members of a set, and without what is empty after that.</summary>
    public static JsonNode? Remove(JsonNode? value, FieldSet removed, Schema schema)
    {
        if (removed.IsEmpty || Shape.IsEmpty(value) || Shape.IsLeaf(schema, value))
        {
            return value?.DeepClone();
        }

        var result = Like(value!);
        foreach (var (part, child) in Shape.Parts(schema, value))
        {
            var below = removed.At(part.Step);
            if (!below.IsMember && (Remove(child, below, part.Schema) is { } kept))
            {
                Put(result, part, kept);
            }
        }

        return Shape.IsEmpty(result) ? null : result;
    }

    private static Differences CompareLeaves(JsonNode? left, JsonNode? right)
    {
        var here = FieldSet.Empty.AsMember();
        return (left, right) switch
        {
            (null, null) => Differences.None,
            (null, _) => Differences.None with { Added = here },
            (_, null) => Differences.None with { Removed = here },
            _ => JsonNode.DeepEquals(left, right) ? Differences.None : Differences.None with { Modified = here },
        };
    }

    private static Dictionary<string, (Part? Part, JsonNode? Value)> Index(JsonNode? value, Schema schema)
    {
        var index = new Dictionary<string, (Part?, JsonNode?)>(StringComparer.Ordinal);
        foreach (var (part, child) in Shape.Parts(schema, value))
        {
            index[part.Step] = (part, child);
        }

        return index;
    }

    private static JsonNode Like(JsonNode value) => value is JsonArray ? new JsonArray() : new JsonObject();

    private static void Put(JsonNode into, Part part, JsonNode? value)
    {
        if (part.Key is { } key)
        {
            into[key] = value;
        }
        else
        {
            ((JsonArray)into).Add(value);
        }
    }
}
