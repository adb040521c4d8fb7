using System.Globalization;
using System.Text.Json.Nodes;

namespace Rollouts.Sandbox.KubernetesApi.Patching;

/// <summary>RFC 6902.</summary>
internal static class JsonPatch
{
    /// <returns>Null when an operation does not fit the document or a test fails.</returns>
    public static JsonNode? Apply(JsonObject target, JsonArray operations)
    {
        // The document hangs below a holder, so that its root is a member like any other.
        var holder = new JsonObject { ["root"] = target.DeepClone() };
        return operations.All(o => o is JsonObject operation && Perform(holder, operation)) ? holder["root"] : null;
    }

    private static bool Perform(JsonObject holder, JsonObject operation) => Text(operation, "op") switch
    {
        "add" => operation.ContainsKey("value") && Add(holder, Text(operation, "path"), operation["value"]?.DeepClone()),
        "remove" => Remove(holder, Text(operation, "path"), out _),
        "replace" => operation.ContainsKey("value") && Remove(holder, Text(operation, "path"), out _)
            && Add(holder, Text(operation, "path"), operation["value"]?.DeepClone()),
        "test" => Get(holder, Text(operation, "path"), out var found) && JsonNode.DeepEquals(found, operation["value"]),
        "copy" => Get(holder, Text(operation, "from"), out var copied) && Add(holder, Text(operation, "path"), copied?.DeepClone()),
        "move" => Remove(holder, Text(operation, "from"), out var moved) && Add(holder, Text(operation, "path"), moved?.DeepClone()),
        _ => false,
    };

    private static string? Text(JsonObject operation, string field) =>
        operation[field] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static bool Add(JsonObject holder, string? path, JsonNode? value)
    {
        switch (Locate(holder, path))
        {
            case (JsonObject parent, var key):
                parent[key] = value;
                return true;
            case (JsonArray parent, "-"):
                parent.Add(value);
                return true;
            case (JsonArray parent, var key) when Index(key) is { } index && index <= parent.Count:
                parent.Insert(index, value);
                return true;
            default:
                return false;
        }
    }

    private static bool Remove(JsonObject holder, string? path, out JsonNode? removed)
    {
        if (!Get(holder, path, out removed))
        {
            return false;
        }

        switch (Locate(holder, path))
        {
            case (JsonObject parent, var key):
                return parent.Remove(key);
            case (JsonArray parent, var key):
                parent.RemoveAt(Index(key)!.Value);
                return true;
            default:
                return false;
        }
    }

    private static bool Get(JsonObject holder, string? path, out JsonNode? found)
    {
        (var isThere, found) = Locate(holder, path) switch
        {
            (JsonObject parent, var key) => (parent.TryGetPropertyValue(key, out var value), value),
            (JsonArray parent, var key) when Index(key) is { } index && index < parent.Count => (true, parent[index]),
            _ => (false, null),
        };
        return isThere;
    }

    private static (JsonNode? Parent, string Key)? Locate(JsonObject holder, string? path)
    {
        if (path is null || (path.Length > 0 && path[0] != '/'))
        {
            return null;
        }

        JsonNode? parent = holder;
        var key = "root";
        foreach (var step in path.Split('/').Skip(1).Select(s => s.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)))
        {
            parent = parent switch
            {
                JsonObject fields => fields[key],
                JsonArray items when Index(key) is { } index && index < items.Count => items[index],
                _ => null,
            };
            key = step;
        }

        return (parent, key);
    }

    private static int? Index(string key) =>
        int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && (key.Length == 1 || key[0] != '0') ? index : null;
}
