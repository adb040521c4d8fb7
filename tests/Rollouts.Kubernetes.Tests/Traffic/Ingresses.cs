using k8s.Models;
using Rollouts.Traffic;

namespace Rollouts.Kubernetes.Tests.Traffic;

/// <summary>Stable ingresses and targets on them.</summary>
internal static class Ingresses
{
    public static TrafficTarget Target(string @namespace, params IReadOnlyList<string> stableIngresses) => new()
    {
        Namespace = @namespace,
        RolloutName = "shop",
        StableService = "shop-stable",
        CanaryService = "shop-canary",
        Nginx = new NginxRouting { StableIngresses = stableIngresses },
    };

    /// <summary>One host with two paths to the stable service and one elsewhere, and one host that the stable service has no part in.</summary>
    public static V1Ingress Stable(string name) => new()
    {
        ApiVersion = "networking.k8s.io/v1",
        Kind = "Ingress",
        Metadata = new()
        {
            Name = name,
            Annotations = new Dictionary<string, string> { ["nginx.ingress.kubernetes.io/proxy-body-size"] = "8m", ["team"] = "shop" },
        },
        Spec = new()
        {
            IngressClassName = "nginx",
            Tls = [new() { Hosts = [$"{name}.example.com"], SecretName = $"{name}-tls" }],
            Rules =
            [
                new() { Host = $"{name}.example.com", Http = new() { Paths = [To("/", "shop-stable"), To("/cart", "shop-stable"), To("/static", "assets")] } },
                new() { Host = $"{name}-assets.example.com", Http = new() { Paths = [To("/", "assets")] } },
            ],
        },
    };

    public static V1HTTPIngressPath To(string path, string service) => new()
    {
        Path = path,
        PathType = "Prefix",
        Backend = new() { Service = new() { Name = service, Port = new() { Number = 80 } } },
    };
}
