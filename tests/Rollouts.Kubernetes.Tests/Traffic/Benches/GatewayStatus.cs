using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace Rollouts.Kubernetes.Tests.Traffic.Benches;

/// <summary>What a gateway's controller writes to a route.</summary>
internal static class GatewayStatus
{
    /// <summary>Says of the route's generation that each parent has it in force, or why not.</summary>
    public static Task WriteAsync(k8s.Kubernetes client, string plural, JsonObject route, string accepted, CancellationToken cancellation)
    {
        JsonObject Condition(string type, string status) => new()
        {
            ["type"] = type,
            ["status"] = status,
            ["reason"] = status == "True" ? type : "Because",
            ["message"] = status == "True" ? "as it says" : "the gateway has its reasons",
            ["lastTransitionTime"] = "2026-01-01T00:00:00Z",
            ["observedGeneration"] = (long)route["metadata"]!["generation"]!,
        };
        JsonObject status = new()
        {
            ["parents"] = new JsonArray([.. ((JsonArray)route["spec"]!["parentRefs"]!).Select(parent => new JsonObject
            {
                ["controllerName"] = "example.com/gateway",
                ["parentRef"] = parent!.DeepClone(),
                ["conditions"] = new JsonArray(Condition("Accepted", accepted), Condition("ResolvedRefs", "True")),
            })]),
        };
        return client.CustomObjects.PatchNamespacedCustomObjectStatusAsync<JsonObject>(
            new V1Patch(new JsonObject { ["status"] = status }.ToJsonString(), V1Patch.PatchType.MergePatch),
            "gateway.networking.k8s.io",
            "v1",
            (string)route["metadata"]!["namespace"]!,
            plural,
            (string)route["metadata"]!["name"]!,
            cancellationToken: cancellation);
    }
}
