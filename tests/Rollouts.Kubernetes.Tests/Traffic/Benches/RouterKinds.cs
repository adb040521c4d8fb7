using System.Text.Json.Nodes;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Rollouts.Kubernetes.Tests.Clusters;
using Rollouts.Sandbox.KubernetesApi;

namespace Rollouts.Kubernetes.Tests.Traffic.Benches;

/// <summary>
/// The kinds of the routers: as their projects define them where ROLLOUTS_TEST_CRDS names a folder with their manifests (*.yaml, as published), else with
/// schemas that take anything.
/// </summary>
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
            await client.CustomObjects.CreateClusterCustomObjectAsync<JsonObject>(
                Published(kind) ?? Lenient(kind), "apiextensions.k8s.io", "v1", "customresourcedefinitions", cancellationToken: cancellation);
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

    /// <summary>What the kind's own project publishes.</summary>
    /// <returns>Null when no folder is named.</returns>
    /// <exception cref="InvalidOperationException">The folder has no definition of the kind.</exception>
    private static JsonObject? Published(KubernetesKind kind)
    {
        if (Environment.GetEnvironmentVariable("ROLLOUTS_TEST_CRDS") is not { Length: > 0 } folder)
        {
            return null;
        }

        JsonObject found = Directory.EnumerateFiles(folder, "*.yaml").Order()
            .SelectMany(f => KubernetesYaml.LoadAllFromString(File.ReadAllText(f)))
            .OfType<V1CustomResourceDefinition>()
            .Where(d => d.Metadata.Name == kind.QualifiedPlural)
            .Select(d => JsonNode.Parse(KubernetesJson.Serialize(d))!.AsObject())
            .FirstOrDefault() ?? throw new InvalidOperationException($"no definition of {kind.QualifiedPlural} in the *.yaml of {folder}");
        RemoveEmptyDefaults(found);
        return found;
    }

    /// <summary>Servers before 1.21 refuse a default that is an empty text.</summary>
    private static void RemoveEmptyDefaults(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject part:
                if (part["default"] is JsonValue value && value.TryGetValue(out string? text) && text.Length == 0)
                {
                    _ = part.Remove("default");
                }

                foreach (JsonNode? inner in part.Select(p => p.Value).ToArray())
                {
                    RemoveEmptyDefaults(inner);
                }

                break;
            case JsonArray parts:
                foreach (JsonNode? inner in parts)
                {
                    RemoveEmptyDefaults(inner);
                }

                break;
        }
    }

    private static JsonObject Lenient(KubernetesKind kind) => JsonNode.Parse(KubernetesJson.Serialize(new V1CustomResourceDefinition
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
    }))!.AsObject();
}
