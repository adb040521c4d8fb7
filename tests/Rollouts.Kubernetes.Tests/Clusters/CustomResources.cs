using System.Net;
using System.Text.Json.Nodes;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Rollouts.Kubernetes.Tests.Clusters;

/// <summary>Kinds that a real cluster gets from those who install them.</summary>
internal static class CustomResources
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Makes a kind of any shape known, unless it is, and waits until it is served.</summary>
    public static Task EstablishedAsync(
        k8s.Kubernetes client, string group, string version, string plural, string kind, CancellationToken cancellation, string scope = "Namespaced") =>
        EstablishedAsync(client, AnyShape(group, version, plural, kind, scope), version, cancellation);

    /// <summary>Makes a kind known by its definition, unless it is, and waits until that version of it is served.</summary>
    public static async Task EstablishedAsync(k8s.Kubernetes client, JsonObject definition, string version, CancellationToken cancellation)
    {
        try
        {
            await client.CustomObjects.CreateClusterCustomObjectAsync<JsonObject>(
                definition, "apiextensions.k8s.io", "v1", "customresourcedefinitions", cancellationToken: cancellation);
        }
        catch (HttpOperationException there) when (there.Response.StatusCode == HttpStatusCode.Conflict)
        {
        }

        string group = (string)definition["spec"]!["group"]!;
        string plural = (string)definition["spec"]!["names"]!["plural"]!;
        DateTime end = DateTime.UtcNow + Patience;
        while (true)
        {
            try
            {
                _ = await client.CustomObjects.ListClusterCustomObjectAsync<object>(group, version, plural, cancellationToken: cancellation);
                return;
            }
            catch (HttpOperationException notYet) when (notYet.Response.StatusCode == HttpStatusCode.NotFound && DateTime.UtcNow < end)
            {
                await Task.Delay(50, cancellation);
            }
        }
    }

    /// <summary>A definition that takes anything.</summary>
    public static JsonObject AnyShape(string group, string version, string plural, string kind, string scope = "Namespaced") =>
        JsonNode.Parse(KubernetesJson.Serialize(new V1CustomResourceDefinition
        {
            ApiVersion = "apiextensions.k8s.io/v1",
            Kind = "CustomResourceDefinition",
            Metadata = new()
            {
                Name = $"{plural}.{group}",
                // Groups of the Kubernetes project are protected; the annotation is its own word for definitions that it has not reviewed.
                Annotations = new Dictionary<string, string> { ["api-approved.kubernetes.io"] = "unapproved, for tests only" },
            },
            Spec = new()
            {
                Group = group,
                Scope = scope,
                Names = new() { Plural = plural, Singular = kind.ToLowerInvariant(), Kind = kind, ListKind = kind + "List" },
                Versions =
                [
                    new()
                    {
                        Name = version,
                        Served = true,
                        Storage = true,
                        Schema = new() { OpenAPIV3Schema = new() { Type = "object", XKubernetesPreserveUnknownFields = true } },
                        Subresources = new() { Status = new object() },
                    },
                ],
            },
        }))!.AsObject();
}
