using k8s;
using k8s.Models;
using Rollouts.Sandbox.Ingress;

namespace Rollouts.Sandbox;

/// <summary>What a team that deploys by itself has in its namespace before a rollout: both services, and the stable ingress.</summary>
internal static class SandboxObjects
{
    public static async Task CreateAsync(
        IKubernetes client, SandboxOptions options, string stableAddress, string canaryAddress, CancellationToken cancellationToken)
    {
        await client.CoreV1.CreateNamespaceAsync(
            new() { Metadata = new() { Name = SandboxNames.Namespace } }, cancellationToken: cancellationToken);
        await client.CoreV1.CreateNamespacedServiceAsync(
            Service(SandboxNames.StableService, options.StableHash, stableAddress), SandboxNames.Namespace, cancellationToken: cancellationToken);
        await client.CoreV1.CreateNamespacedServiceAsync(
            Service(SandboxNames.CanaryService, options.CanaryHash, canaryAddress), SandboxNames.Namespace, cancellationToken: cancellationToken);
        await client.NetworkingV1.CreateNamespacedIngressAsync(StableIngress(), SandboxNames.Namespace, cancellationToken: cancellationToken);
    }

    /// <summary>The same for a team whose release brings an image: its Deployment, and two Services that select all of its pods.</summary>
    public static async Task CreateAsync(IKubernetes client, SandboxWorkloads workloads, CancellationToken cancellationToken)
    {
        await client.CoreV1.CreateNamespaceAsync(
            new() { Metadata = new() { Name = SandboxNames.Namespace } }, cancellationToken: cancellationToken);
        foreach (var service in (string[])[SandboxNames.StableService, SandboxNames.CanaryService])
            await client.CoreV1.CreateNamespacedServiceAsync(Service(service), SandboxNames.Namespace, cancellationToken: cancellationToken);
        await client.NetworkingV1.CreateNamespacedIngressAsync(StableIngress(), SandboxNames.Namespace, cancellationToken: cancellationToken);
        await client.AppsV1.CreateNamespacedDeploymentAsync(Deployment(workloads), SandboxNames.Namespace, cancellationToken: cancellationToken);
    }

    private static Dictionary<string, string> Labels() => new() { ["app"] = SandboxNames.Service };

    private static V1Deployment Deployment(SandboxWorkloads workloads) => new()
    {
        Metadata = new() { Name = SandboxNames.Service, Labels = Labels() },
        Spec = new()
        {
            Replicas = workloads.Replicas,
            Selector = new() { MatchLabels = Labels() },
            Template = new()
            {
                Metadata = new() { Labels = Labels() },
                Spec = new() { Containers = [new() { Name = "service", Image = workloads.First, Ports = [new() { ContainerPort = 8080 }] }] },
            },
        },
    };

    private static V1Service Service(string name) => new()
    {
        Metadata = new() { Name = name, Labels = Labels() },
        Spec = new() { Selector = Labels(), Ports = [new() { Name = "http", Port = 80, Protocol = "TCP", TargetPort = 8080 }] },
    };

    private static V1Service Service(string name, string hash, string address) => new()
    {
        Metadata = new()
        {
            Name = name,
            Labels = new Dictionary<string, string> { ["app"] = SandboxNames.Service },
            Annotations = new Dictionary<string, string> { [ServiceAddress.Annotation] = address },
        },
        Spec = new()
        {
            Selector = new Dictionary<string, string> { ["app"] = SandboxNames.Service, [SandboxNames.HashLabel] = hash },
            Ports = [new() { Name = "http", Port = 80, Protocol = "TCP", TargetPort = 8080 }],
        },
    };

    private static V1Ingress StableIngress() => new()
    {
        Metadata = new() { Name = SandboxNames.Ingress, Labels = new Dictionary<string, string> { ["app"] = SandboxNames.Service } },
        Spec = new()
        {
            IngressClassName = IngressController.IngressClass,
            Rules =
            [
                new()
                {
                    Host = SandboxNames.Host,
                    Http = new()
                    {
                        Paths =
                        [
                            new()
                            {
                                Path = "/",
                                PathType = "Prefix",
                                Backend = new() { Service = new() { Name = SandboxNames.StableService, Port = new() { Number = 80 } } },
                            },
                        ],
                    },
                },
            ],
        },
    };
}
