using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Rollouts.Sandbox.Ingress;

namespace Rollouts.Sandbox;

/// <summary>What a team that deploys by itself has in its namespace before a rollout: both services, and the stable ingress.</summary>
internal static class SandboxObjects
{
    public static async Task CreateAsync(
        IKubernetes client, SandboxOptions options, string stableAddress, string canaryAddress, CancellationToken cancellationToken)
    {
        await OrNothingAsync(
            () => client.CoreV1.CreateNamespaceAsync(
                new() { Metadata = new() { Name = SandboxNames.Namespace } }, cancellationToken: cancellationToken),
            HttpStatusCode.Conflict);
        await DeleteAsync(client, cancellationToken);
        await client.CoreV1.CreateNamespacedServiceAsync(
            Service(SandboxNames.StableService, options.StableHash, stableAddress), SandboxNames.Namespace, cancellationToken: cancellationToken);
        await client.CoreV1.CreateNamespacedServiceAsync(
            Service(SandboxNames.CanaryService, options.CanaryHash, canaryAddress), SandboxNames.Namespace, cancellationToken: cancellationToken);
        await client.NetworkingV1.CreateNamespacedIngressAsync(StableIngress(), SandboxNames.Namespace, cancellationToken: cancellationToken);
    }

    /// <summary>Deletes the services and every ingress of the namespace; what is not there is no error.</summary>
    public static async Task DeleteAsync(IKubernetes client, CancellationToken cancellationToken)
    {
        var ingresses = await client.NetworkingV1.ListNamespacedIngressAsync(SandboxNames.Namespace, cancellationToken: cancellationToken);
        foreach (var ingress in ingresses.Items)
        {
            await OrNothingAsync(
                () => client.NetworkingV1.DeleteNamespacedIngressAsync(ingress.Name(), SandboxNames.Namespace, cancellationToken: cancellationToken),
                HttpStatusCode.NotFound);
        }

        foreach (var service in (string[])[SandboxNames.StableService, SandboxNames.CanaryService])
        {
            await OrNothingAsync(
                () => client.CoreV1.DeleteNamespacedServiceAsync(service, SandboxNames.Namespace, cancellationToken: cancellationToken),
                HttpStatusCode.NotFound);
        }
    }

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

    private static async Task OrNothingAsync<T>(Func<Task<T>> request, HttpStatusCode expected)
    {
        try
        {
            await request();
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == expected)
        {
            // The object is as wanted already.
        }
    }
}
