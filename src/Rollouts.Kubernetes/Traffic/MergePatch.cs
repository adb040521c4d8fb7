using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace Rollouts.Kubernetes.Traffic;

/// <summary>Computes JSON merge patches (RFC 7386) of what a router may change on an ingress: labels, annotations and spec.</summary>
internal static class MergePatch
{
    /// <summary>The patch that makes <paramref name="to"/> of <paramref name="from"/>; null when they are equal. Lists are replaced whole.</summary>
    public static JsonObject? Between(V1Ingress from, V1Ingress to) => Difference(Shape(from), Shape(to));

    /// <summary>A copy that shares nothing with the original.</summary>
    public static V1Ingress Copy(V1Ingress ingress) => KubernetesJson.Deserialize<V1Ingress>(KubernetesJson.Serialize(ingress));

    private static JsonObject Shape(V1Ingress ingress) => new()
    {
        ["metadata"] = new JsonObject
        {
            ["labels"] = Node(ingress.Metadata.Labels ?? new Dictionary<string, string>()),
            ["annotations"] = Node(ingress.Metadata.Annotations ?? new Dictionary<string, string>()),
        },
        ["spec"] = Node(ingress.Spec ?? new V1IngressSpec()),
    };

    private static JsonNode? Node(object value) => JsonNode.Parse(KubernetesJson.Serialize(value));

    private static JsonObject? Difference(JsonObject from, JsonObject to)
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
                if (Difference(before, after) is { } inner)
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
}
