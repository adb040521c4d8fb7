using System.Text.Json.Nodes;
using Rollouts.Kubernetes.Requests;

namespace Rollouts.Kubernetes.Workloads;

/// <summary>Compares selectors with labels, as Kubernetes does.</summary>
internal static class LabelSelectors
{
    /// <summary>Whether a selector of labels (a Service's, or <c>matchLabels</c>) selects these; an empty one selects nothing.</summary>
    public static bool Selects(IReadOnlyDictionary<string, string> selector, IReadOnlyDictionary<string, string> labels) =>
        selector.Count > 0 && selector.All(s => labels.TryGetValue(s.Key, out string? value) && value == s.Value);

    /// <summary>Whether a selector with <c>matchLabels</c> and <c>matchExpressions</c> selects these; an empty one selects nothing.</summary>
    public static bool Selects(JsonObject selector, IReadOnlyDictionary<string, string> labels)
    {
        Dictionary<string, string> pairs = JsonObjectFields.TextMap(selector["matchLabels"]);
        List<JsonObject> expressions = [.. (selector["matchExpressions"] as JsonArray ?? []).OfType<JsonObject>()];
        return pairs.Count + expressions.Count > 0
            && (pairs.Count == 0 || Selects(pairs, labels))
            && expressions.TrueForAll(e => IsMet(e, labels.GetValueOrDefault(JsonObjectFields.Text(e["key"]) ?? "")));
    }

    private static bool IsMet(JsonObject expression, string? label)
    {
        bool isListed = label is not null && (expression["values"] as JsonArray ?? []).Any(v => JsonObjectFields.Text(v) == label);
        return JsonObjectFields.Text(expression["operator"]) switch
        {
            "In" => isListed,
            "NotIn" => !isListed,
            "Exists" => label is not null,
            "DoesNotExist" => label is null,
            _ => false,
        };
    }
}
