using System.Text.Json.Nodes;
using Rollouts.Sandbox.KubernetesApi.Schemas;

namespace Rollouts.Sandbox.KubernetesApi.Patching;

/// <summary>
/// Kubernetes' strategic merge patch: objects and maps merge, lists merge by their merge key where the schema names one, every other list is
/// replaced. The directives are <c>$patch</c>, <c>$deleteFromPrimitiveList/…</c>, <c>$setElementOrder/…</c> and <c>$retainKeys</c>.
/// </summary>
internal static class StrategicMergePatch
{
    private const string Directive = "$patch";
    private const string DeleteFrom = "$deleteFromPrimitiveList/";
    private const string Order = "$setElementOrder/";
    private const string Retain = "$retainKeys";

    /// <exception cref="FormatException">The patch cannot be understood.</exception>
    public static JsonObject Apply(JsonObject target, JsonObject patch, Schema schema)
    {
        switch (DirectiveOf(patch))
        {
            case "replace":
                return Plain(patch);
            case "delete":
                return [];
            case null or "merge":
                break;
            case var unknown:
                throw new FormatException($"invalid value for special key: $patch: {unknown}");
        }

        var result = (JsonObject)target.DeepClone();
        RetainKeys(result, patch);
        foreach (var (name, change) in patch.Where(p => !p.Key.StartsWith('$')))
        {
            Change(result, name, change, Below(schema, name), patch[Order + name] as JsonArray);
        }

        foreach (var name in patch.Select(p => p.Key).Where(k => k.StartsWith(Order, StringComparison.Ordinal)).Select(k => k[Order.Length..]))
        {
            if (!patch.ContainsKey(name) && result[name] is JsonArray)
            {
                Change(result, name, new JsonArray(), Below(schema, name), patch[Order + name] as JsonArray);
            }
        }

        foreach (var (name, change) in patch.Where(p => p.Key.StartsWith(DeleteFrom, StringComparison.Ordinal)))
        {
            DeleteValues(result, name[DeleteFrom.Length..], change as JsonArray ?? throw new FormatException($"{name} must be a list"));
        }

        return result;
    }

    private static void Change(JsonObject result, string name, JsonNode? change, Schema schema, JsonArray? order)
    {
        switch (change, result[name])
        {
            case (null, _):
                result.Remove(name);
                break;
            case (JsonObject changes, JsonObject current):
                result[name] = Apply(current, changes, schema);
                break;
            case (JsonObject changes, _):
                result[name] = Apply([], changes, schema);
                break;
            case (JsonArray items, var current) when schema is ListSchema { Rule.PatchMerges: true } list:
                result[name] = MergeLists(current as JsonArray ?? [], items, list, order);
                break;
            default:
                result[name] = change.DeepClone();
                break;
        }
    }

    private static JsonArray MergeLists(JsonArray current, JsonArray changes, ListSchema list, JsonArray? order)
    {
        if (list.Rule.PatchMergeKey is not { } mergeKey)
        {
            var texts = current.Select(Id).ToHashSet();
            return Arrange([.. current, .. changes.Where(c => texts.Add(Id(c)))], current, [.. changes], order, Id);
        }

        string Key(JsonNode? item) => item is JsonObject fields && fields[mergeKey] is { } key
            ? Id(key)
            : throw new FormatException($"map: {Id(item)} does not contain declared merge key: {mergeKey}");

        var directives = changes.Where(c => DirectiveOf(c) is not null).ToList();
        if (directives.Any(d => DirectiveOf(d) == "replace"))
        {
            return [.. changes.Where(c => DirectiveOf(c) != "replace").Select(c => c?.DeepClone())];
        }

        var deleted = directives.Where(d => DirectiveOf(d) == "delete").Select(Key).ToHashSet();
        var kept = current.Where(c => !deleted.Contains(Key(c))).ToDictionary(Key);
        var wanted = changes.Where(c => DirectiveOf(c) != "delete").ToList();
        foreach (var change in wanted.Cast<JsonObject>())
        {
            kept[Key(change)] = Apply(kept.GetValueOrDefault(Key(change)) as JsonObject ?? [], change, list.Element);
        }

        return Arrange(kept.Values, current, wanted, order, Key);
    }

    // Items of the patch come in its order; the others keep theirs and go before the first one that followed them.
    private static JsonArray Arrange(
        IEnumerable<JsonNode?> items, JsonArray current, IReadOnlyList<JsonNode?> patched, JsonArray? order, Func<JsonNode?, string> key)
    {
        var byKey = items.ToDictionary(key, i => i);
        var before = current.Select(key).ToList();
        var named = (order ?? (IEnumerable<JsonNode?>)patched).Select(key).Where(byKey.ContainsKey).Distinct().ToList();
        named.AddRange(patched.Select(key).Except(named).ToList());
        var others = new Queue<string>(before.Where(byKey.ContainsKey).Except(named));
        var result = new JsonArray();
        foreach (var next in named)
        {
            while (others.TryPeek(out var other) && before.Contains(next) && before.IndexOf(other) < before.IndexOf(next))
            {
                result.Add(byKey[others.Dequeue()]?.DeepClone());
            }

            result.Add(byKey[next]?.DeepClone());
        }

        foreach (var other in others)
        {
            result.Add(byKey[other]?.DeepClone());
        }

        return result;
    }

    private static void DeleteValues(JsonObject result, string name, JsonArray values)
    {
        if (result[name] is JsonArray current)
        {
            var deleted = values.Select(Id).ToHashSet();
            result[name] = new JsonArray([.. current.Where(c => !deleted.Contains(Id(c))).Select(c => c?.DeepClone())]);
        }
    }

    private static void RetainKeys(JsonObject result, JsonObject patch)
    {
        if (patch[Retain] is JsonArray retained)
        {
            var names = retained.Select(r => (string?)r).ToHashSet();
            foreach (var name in result.Select(r => r.Key).Where(n => !names.Contains(n)).ToList())
            {
                result.Remove(name);
            }
        }
    }

    private static JsonObject Plain(JsonObject patch) => [.. patch.Where(p => !p.Key.StartsWith('$')).Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone()))];

    private static Schema Below(Schema schema, string name) => schema switch
    {
        StructSchema declared => declared.Fields.GetValueOrDefault(name, Schema.Any),
        MapSchema map => map.Element,
        _ => Schema.Any,
    };

    private static string? DirectiveOf(JsonNode? value) => value is JsonObject fields ? (string?)fields[Directive] : null;

    private static string Id(JsonNode? value) => value?.ToJsonString() ?? "null";
}
