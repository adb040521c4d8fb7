using System.Text.Json.Nodes;
using Rollouts.Kubernetes.Requests;

namespace Rollouts.Kubernetes.Workloads;

/// <summary>
/// Finds what scales a Deployment: a HorizontalPodAutoscaler (<c>autoscaling/v1</c>, which every version serves) or KEDA's ScaledObject, whose own autoscaler
/// may not be there yet.
/// </summary>
internal sealed class Autoscalers(JsonObjects autoscalers, JsonObjects scaledObjects)
{
    private const int DefaultLeast = 1;

    /// <summary>Null when nothing scales it.</summary>
    public async Task<Autoscaler?> OfAsync(string @namespace, string deployment, CancellationToken cancellationToken)
    {
        IReadOnlyList<JsonObject> horizontal = await autoscalers.ListAsync(@namespace, null, cancellationToken).ConfigureAwait(false) ?? [];
        if (horizontal.FirstOrDefault(a => IsOf(a, deployment, requiresKind: true)) is { } autoscaler)
        {
            return new Autoscaler(autoscaler.Name(), Least(autoscaler["spec"]?["minReplicas"]));
        }

        // Without KEDA there is no such resource.
        IReadOnlyList<JsonObject> scaled = await scaledObjects.ListAsync(@namespace, null, cancellationToken).ConfigureAwait(false) ?? [];
        return scaled.FirstOrDefault(s => IsOf(s, deployment, requiresKind: false)) is { } byKeda
            ? new Autoscaler(byKeda.Name(), Least(byKeda["spec"]?["minReplicaCount"]))
            : null;
    }

    private static bool IsOf(JsonObject scaler, string deployment, bool requiresKind)
    {
        JsonNode? reference = scaler["spec"]?["scaleTargetRef"];
        string? kind = JsonObjectFields.Text(reference?["kind"]);
        return JsonObjectFields.Text(reference?["name"]) == deployment && (kind == "Deployment" || (kind is null && !requiresKind));
    }

    private static int Least(JsonNode? given) => given is null ? DefaultLeast : (int)JsonObjectFields.Number(given);
}
