using System.Text.Json.Nodes;
using Rollouts.Kubernetes.Requests;

namespace Rollouts.Kubernetes.Workloads;

/// <summary>A ConfigMap or Secret that a pod template takes content from.</summary>
/// <param name="Resource">Which of the two.</param>
/// <param name="Name">Its name.</param>
/// <param name="Optional">Whether pods start without it.</param>
internal sealed record ConfigReference(KubernetesResource Resource, string Name, bool Optional)
{
    public static IEnumerable<ConfigReference> In(JsonObject template)
    {
        JsonNode? spec = template["spec"];
        IEnumerable<ConfigReference?> found =
        [
            .. Items(spec, "initContainers").Concat(Items(spec, "containers")).SelectMany(InContainer),
            .. Items(spec, "volumes").SelectMany(InVolume),
        ];
        return found.OfType<ConfigReference>();
    }

    private static IEnumerable<ConfigReference?> InContainer(JsonObject container) =>
    [
        .. Items(container, "env").Select(e => e["valueFrom"]).SelectMany(v => (ConfigReference?[])[Map(v?["configMapKeyRef"]), Secret(v?["secretKeyRef"])]),
        .. Items(container, "envFrom").SelectMany(e => (ConfigReference?[])[Map(e["configMapRef"]), Secret(e["secretRef"])]),
    ];

    private static IEnumerable<ConfigReference?> InVolume(JsonObject volume) =>
    [
        Map(volume["configMap"]),
        Secret(volume["secret"], "secretName"),
        .. Items(volume["projected"], "sources").SelectMany(s => (ConfigReference?[])[Map(s["configMap"]), Secret(s["secret"])]),
    ];

    private static ConfigReference? Map(JsonNode? source) => Of(source, KubernetesResource.ConfigMap, "name");

    private static ConfigReference? Secret(JsonNode? source, string field = "name") => Of(source, KubernetesResource.Secret, field);

    private static ConfigReference? Of(JsonNode? source, KubernetesResource resource, string field) =>
        JsonObjectFields.Text(source?[field]) is { Length: > 0 } name
            ? new ConfigReference(resource, name, source!["optional"] is JsonValue optional && optional.TryGetValue(out bool given) && given)
            : null;

    private static IEnumerable<JsonObject> Items(JsonNode? parent, string field) => (parent?[field] as JsonArray ?? []).OfType<JsonObject>();
}
