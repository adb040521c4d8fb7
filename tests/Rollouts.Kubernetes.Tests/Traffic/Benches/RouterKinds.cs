using System.Text.Json.Nodes;
using k8s;
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
                JsonObject definition = Published(kind) ?? CustomResources.AnyShape(kind.Group, kind.Version, kind.Plural, kind.Name);
                await CustomResources.EstablishedAsync(client, definition, kind.Version, cancellation);
            }

            s_installed = true;
        }
        finally
        {
            s_installing.Release();
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
}
