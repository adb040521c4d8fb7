using System.Text;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace Rollouts.Kubernetes.Tests.Traffic.Benches;

/// <summary>What a gateway's controller writes to a route.</summary>
internal static class GatewayStatus
{
    /// <summary>Plays the gateway's controller behind a <see cref="FaultInjector"/>: says of each route that was written that it is in force.</summary>
    public static async Task AcceptAsync(
        k8s.Kubernetes client, HttpRequestMessage request, HttpResponseMessage answer, string resolved, CancellationToken cancellation)
    {
        string[] path = request.RequestUri!.AbsolutePath.Split('/');
        if (request.Method != HttpMethod.Patch || !answer.IsSuccessStatusCode || path[^2] is not ("httproutes" or "grpcroutes"))
        {
            return;
        }

        string text = await answer.Content.ReadAsStringAsync(cancellation);
        answer.Content = new StringContent(text, Encoding.UTF8, "application/json");
        await WriteAsync(client, path[^2], JsonNode.Parse(text)!.AsObject(), resolved, cancellation);
    }

    /// <summary>Says of the route's generation that each parent has accepted it, and whether it has found its backends.</summary>
    private static Task WriteAsync(k8s.Kubernetes client, string plural, JsonObject route, string resolved, CancellationToken cancellation)
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
                ["conditions"] = new JsonArray(Condition("Accepted", "True"), Condition("ResolvedRefs", resolved)),
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
