using k8s;
using k8s.Autorest;
using k8s.Models;
using Rollouts.Kubernetes.Tests.Clusters;
using Rollouts.Sandbox.KubernetesApi;

namespace Rollouts.Kubernetes.Tests.Traffic.Benches;

/// <summary>The kinds of the routers, with schemas that take anything: their own rules are not what these tests are about.</summary>
internal static class RouterKinds
{
    public static IReadOnlyList<KubernetesKind> All { get; } =
    [
        new("gateway.networking.k8s.io", "v1", "httproutes", "HTTPRoute"),
        new("gateway.networking.k8s.io", "v1", "grpcroutes", "GRPCRoute"),
        new("networking.istio.io", "v1beta1", "virtualservices", "VirtualService"),
        new("networking.istio.io", "v1beta1", "destinationrules", "DestinationRule"),
        new("traefik.io", "v1alpha1", "traefikservices", "TraefikService"),
    ];

    private static readonly SemaphoreSlim s_installing = new(1);
    private static bool s_installed;

    /// <summary>Makes a real server serve the kinds; the stand-in does from the start.</summary>
    public static async Task InstallAsync(ITestCluster cluster, k8s.Kubernetes client, CancellationToken cancellation)
    {
        if (cluster is not RealCluster)
        {
            return;
        }

        await s_installing.WaitAsync(cancellation);
        try
        {
            foreach (KubernetesKind kind in s_installed ? [] : All)
            {
                await InstallAsync(kind, client, cancellation);
            }

            s_installed = true;
        }
        finally
        {
            s_installing.Release();
        }
    }

    private static async Task InstallAsync(KubernetesKind kind, k8s.Kubernetes client, CancellationToken cancellation)
    {
        try
        {
            await client.ApiextensionsV1.CreateCustomResourceDefinitionAsync(Definition(kind), cancellationToken: cancellation);
        }
        catch (HttpOperationException there) when (there.Response.StatusCode == System.Net.HttpStatusCode.Conflict)
        {
        }

        DateTime end = DateTime.UtcNow.AddSeconds(30);
        while (true)
        {
            try
            {
                _ = await client.CustomObjects.ListNamespacedCustomObjectAsync<object>(kind.Group, kind.Version, "default", kind.Plural, cancellationToken: cancellation);
                return;
            }
            catch (HttpOperationException notYet) when (notYet.Response.StatusCode == System.Net.HttpStatusCode.NotFound && DateTime.UtcNow < end)
            {
                await Task.Delay(50, cancellation);
            }
        }
    }

    private static V1CustomResourceDefinition Definition(KubernetesKind kind) => new()
    {
        ApiVersion = "apiextensions.k8s.io/v1",
        Kind = "CustomResourceDefinition",
        Metadata = new()
        {
            Name = kind.QualifiedPlural,
            // Groups of the Kubernetes project are protected; the annotation is its own word for definitions that it has not reviewed.
            Annotations = new Dictionary<string, string> { ["api-approved.kubernetes.io"] = "unapproved, for tests only" },
        },
        Spec = new()
        {
            Group = kind.Group,
            Scope = "Namespaced",
            Names = new() { Plural = kind.Plural, Singular = kind.Name.ToLowerInvariant(), Kind = kind.Name, ListKind = kind.Name + "List" },
            Versions =
            [
                new()
                {
                    Name = kind.Version,
                    Served = true,
                    Storage = true,
                    Schema = new() { OpenAPIV3Schema = new() { Type = "object", XKubernetesPreserveUnknownFields = true } },
                    Subresources = new() { Status = new object() },
                },
            ],
        },
    };
}
