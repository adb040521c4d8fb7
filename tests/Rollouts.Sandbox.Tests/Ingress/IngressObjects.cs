using k8s.Models;
using Rollouts.Sandbox.Ingress;

namespace Rollouts.Sandbox.Tests.Ingress;

/// <summary>Ingresses and services as the tests need them.</summary>
internal static class IngressObjects
{
    public const string Namespace = "demo";
    public const string Host = "checkout.localhost";

    public static V1Ingress Stable(string service = "stable", string path = "/", string pathType = "Prefix", string? host = Host, int age = 100) =>
        Ingress($"main-{service}-{age}", service, path, pathType, host, age, annotations: null);

    /// <summary>A canary; the annotations' names are given without ingress-nginx's prefix.</summary>
    public static V1Ingress Canary(
        IDictionary<string, string> annotations, string service = "canary", string path = "/", string pathType = "Prefix", string? host = Host, int age = 50) =>
        Ingress(
            $"canary-{service}-{age}", service, path, pathType, host, age,
            annotations.Append(new("canary", "true")).ToDictionary(pair => CanaryAnnotations.Prefix + pair.Key, pair => pair.Value));

    public static V1Service Service(string name, string? address, string @namespace = Namespace) => new()
    {
        Metadata = new()
        {
            Name = name,
            NamespaceProperty = @namespace,
            Annotations = address is null ? null : new Dictionary<string, string> { [ServiceAddress.Annotation] = address },
        },
        Spec = new() { Ports = [new() { Name = "http", Port = 80 }] },
    };

    public static RoutingTable Table(IEnumerable<V1Ingress> ingresses, IEnumerable<V1Service>? services = null, params string[] brokenPatterns) =>
        RoutingTableBuilder.Build(
            ingresses,
            services ?? [Service("stable", "127.0.0.1:1001"), Service("canary", "127.0.0.1:1002")],
            "nginx",
            brokenPatterns.ToHashSet());

    private static V1Ingress Ingress(
        string name, string service, string path, string pathType, string? host, int age, IDictionary<string, string>? annotations) => new()
        {
            Metadata = new()
            {
                Name = name,
                NamespaceProperty = Namespace,
                CreationTimestamp = DateTime.UnixEpoch.AddSeconds(-age),
                Annotations = annotations,
            },
            Spec = new()
            {
                IngressClassName = "nginx",
                Rules =
                [
                    new()
                    {
                        Host = host,
                        Http = new()
                        {
                            Paths =
                            [
                                new()
                                {
                                    Path = path,
                                    PathType = pathType,
                                    Backend = new() { Service = new() { Name = service, Port = new() { Number = 80 } } },
                                },
                            ],
                        },
                    },
                ],
            },
        };
}
