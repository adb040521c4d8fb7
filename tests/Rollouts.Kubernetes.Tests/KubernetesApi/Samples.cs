using k8s;
using k8s.Models;

namespace Rollouts.Kubernetes.Tests.KubernetesApi;

/// <summary>Small valid objects.</summary>
internal static class Samples
{
    public static V1Ingress Ingress(string name, string host = "app.example.com") => new()
    {
        ApiVersion = "networking.k8s.io/v1",
        Kind = "Ingress",
        Metadata = new() { Name = name },
        Spec = new() { Rules = [new() { Host = host, Http = new() { Paths = [Path()] } }] },
    };

    public static V1Service Service(string name) => new()
    {
        ApiVersion = "v1",
        Kind = "Service",
        Metadata = new() { Name = name },
        Spec = new() { Selector = new Dictionary<string, string> { ["app"] = name }, Ports = [new() { Port = 80, TargetPort = 8080 }] },
    };

    public static V1ConfigMap ConfigMap(string name) => new()
    {
        ApiVersion = "v1",
        Kind = "ConfigMap",
        Metadata = new() { Name = name },
        Data = new Dictionary<string, string> { ["key"] = "value" },
    };

    public static V1Deployment Deployment(string name) => new()
    {
        ApiVersion = "apps/v1",
        Kind = "Deployment",
        Metadata = new() { Name = name },
        Spec = new()
        {
            Selector = new() { MatchLabels = new Dictionary<string, string> { ["app"] = name } },
            Template = new()
            {
                Metadata = new() { Labels = new Dictionary<string, string> { ["app"] = name } },
                Spec = new() { Containers = [new() { Name = "main", Image = "registry.example.com/app:1", Ports = [new() { ContainerPort = 8080 }] }] },
            },
        },
    };

    public static V1Lease Lease(string name, string holder) => new()
    {
        ApiVersion = "coordination.k8s.io/v1",
        Kind = "Lease",
        Metadata = new() { Name = name },
        Spec = new() { HolderIdentity = holder, LeaseDurationSeconds = 15 },
    };

    public static V1HTTPIngressPath Path() => new()
    {
        Path = "/",
        PathType = "Prefix",
        Backend = new() { Service = new() { Name = "app", Port = new() { Number = 80 } } },
    };

    public static V1Patch Merge(string json) => new(json, V1Patch.PatchType.MergePatch);

    public static V1Patch Strategic(string json) => new(json, V1Patch.PatchType.StrategicMergePatch);

    public static V1Patch Json(string json) => new(json, V1Patch.PatchType.JsonPatch);

    public static V1Patch Apply(object configuration) =>
        new(configuration as string ?? KubernetesJson.Serialize(configuration), V1Patch.PatchType.ApplyPatch);
}
