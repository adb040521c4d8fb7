using k8s.Models;

namespace Rollouts.Sandbox.KubernetesApi.Schemas;

/// <summary>
/// The lists that do not merge as one piece, as the API server's OpenAPI document declares them
/// (<c>x-kubernetes-list-type</c>, <c>x-kubernetes-list-map-keys</c>, <c>x-kubernetes-patch-merge-key</c>).
/// A test compares this table with the document of a real server.
/// </summary>
internal static class ListRules
{
    private static readonly Dictionary<(Type Owner, string Field), ListRule> Rules = new()
    {
        [(typeof(V1ObjectMeta), "finalizers")] = new([], true, null, true),
        [(typeof(V1ObjectMeta), "ownerReferences")] = Map("uid"),
        [(typeof(V1ServiceSpec), "ports")] = new(["port", "protocol"], false, "port", true),
        [(typeof(V1ServiceStatus), "conditions")] = Map("type"),
        [(typeof(V1DeploymentStatus), "conditions")] = Map("type"),
        [(typeof(V1ReplicaSetStatus), "conditions")] = Map("type"),
        [(typeof(V1NamespaceStatus), "conditions")] = Map("type"),
        [(typeof(V1PodStatus), "conditions")] = Map("type"),
        [(typeof(V1PodStatus), "podIPs")] = Map("ip"),
        [(typeof(V1PodSpec), "containers")] = Map("name"),
        [(typeof(V1PodSpec), "initContainers")] = Map("name"),
        [(typeof(V1PodSpec), "ephemeralContainers")] = Map("name"),
        [(typeof(V1PodSpec), "volumes")] = Map("name"),
        [(typeof(V1PodSpec), "imagePullSecrets")] = Map("name"),
        [(typeof(V1PodSpec), "hostAliases")] = Map("ip"),
        [(typeof(V1PodSpec), "topologySpreadConstraints")] = new(["topologyKey", "whenUnsatisfiable"], false, "topologyKey", true),
        [(typeof(V1Container), "env")] = Map("name"),
        [(typeof(V1Container), "ports")] = new(["containerPort", "protocol"], false, "containerPort", true),
        [(typeof(V1Container), "volumeMounts")] = Map("mountPath"),
        [(typeof(V1Container), "volumeDevices")] = Map("devicePath"),
        [(typeof(V1EphemeralContainer), "env")] = Map("name"),
        [(typeof(V1EphemeralContainer), "ports")] = new(["containerPort", "protocol"], false, "containerPort", true),
        [(typeof(V1EphemeralContainer), "volumeMounts")] = Map("mountPath"),
        [(typeof(V1EphemeralContainer), "volumeDevices")] = Map("devicePath"),
        [(typeof(V1ServiceAccount), "secrets")] = Map("name"),
    };

    public static ListRule For(Type owner, string field) => Rules.GetValueOrDefault((owner, field), ListRule.Atomic);

    private static ListRule Map(string key) => new([key], false, key, true);
}
