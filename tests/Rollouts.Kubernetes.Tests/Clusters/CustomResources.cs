using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Rollouts.Kubernetes.Tests.Clusters;

/// <summary>Kinds that a real cluster gets from those who install them.</summary>
internal static class CustomResources
{
    /// <summary>Makes a kind of any shape known, unless it is, and waits until it is served.</summary>
    public static async Task EstablishedAsync(
        k8s.Kubernetes client, string group, string version, string plural, string kind, CancellationToken cancellation, string scope = "Namespaced")
    {
        V1CustomResourceDefinition wanted = new()
        {
            Metadata = new() { Name = $"{plural}.{group}" },
            Spec = new()
            {
                Group = group,
                Scope = scope,
                Names = new() { Plural = plural, Kind = kind },
                Versions =
                [
                    new()
                    {
                        Name = version, Served = true, Storage = true,
                        Schema = new() { OpenAPIV3Schema = new() { Type = "object", XKubernetesPreserveUnknownFields = true } },
                    },
                ],
            },
        };
        try
        {
            await client.ApiextensionsV1.CreateCustomResourceDefinitionWithHttpMessagesAsync(wanted, cancellationToken: cancellation);
        }
        catch (HttpOperationException there) when (there.Response.StatusCode == HttpStatusCode.Conflict)
        {
        }

        bool established = false;
        while (!established)
        {
            await Task.Delay(100, cancellation);
            V1CustomResourceDefinition definition = (await client.ApiextensionsV1.ReadCustomResourceDefinitionWithHttpMessagesAsync(
                $"{plural}.{group}", cancellationToken: cancellation)).Body;
            established = definition.Status?.Conditions?.Any(c => c is { Type: "Established", Status: "True" }) == true;
        }
    }
}
