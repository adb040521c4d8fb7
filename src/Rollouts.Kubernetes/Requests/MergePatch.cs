using System.Text.Json.Nodes;

namespace Rollouts.Kubernetes.Requests;

/// <summary>Computes JSON merge patches (RFC 7386).</summary>
internal static class MergePatch
{
    /// <summary>The patch that makes <paramref name="to"/> of <paramref name="from"/>; null when they are equal. Lists are replaced whole.</summary>
    public static JsonObject? Between(JsonObject from, JsonObject to)
    {
        JsonObject patch = [];
        foreach (string removed in from.Where(p => p.Value is not null && to[p.Key] is null).Select(p => p.Key))
        {
            patch[removed] = null;
        }

        foreach ((string name, JsonNode? value) in to.Where(p => p.Value is not null))
        {
            if (from[name] is JsonObject before && value is JsonObject after)
            {
                if (Between(before, after) is { } inner)
                {
                    patch[name] = inner;
                }
            }
            else if (!JsonNode.DeepEquals(from[name], value))
            {
                patch[name] = value!.DeepClone();
            }
        }

        return patch.Count == 0 ? null : patch;
    }

    /// <summary>The patch on the condition that the object is still of a resource version; a server answers 409 otherwise.</summary>
    public static JsonObject OnlyIf(string resourceVersion, JsonObject patch)
    {
        JsonObject conditional = patch.DeepClone().AsObject();
        JsonObject metadata = conditional["metadata"]?.AsObject() ?? [];
        metadata["resourceVersion"] = resourceVersion;
        conditional["metadata"] = metadata;
        return conditional;
    }
}
