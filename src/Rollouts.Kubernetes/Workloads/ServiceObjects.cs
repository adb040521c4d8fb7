using System.Net;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Rollouts.Kubernetes.Requests;

namespace Rollouts.Kubernetes.Workloads;

/// <summary>Reads and conditionally patches Services.</summary>
internal sealed class ServiceObjects(IKubernetes kubernetes, KubernetesRequests requests) : IConditionalObjects<JsonObject>
{
    /// <inheritdoc/>
    public KubernetesResource Resource => KubernetesResource.Service;

    /// <inheritdoc/>
    public async Task<JsonObject?> FindAsync(string @namespace, string name, CancellationToken cancellationToken) => Json(await requests.SendAsync(
        new("get", Resource, @namespace, name),
        limit => kubernetes.CoreV1.ReadNamespacedServiceWithHttpMessagesAsync(name, @namespace, cancellationToken: limit),
        cancellationToken,
        HttpStatusCode.NotFound).ConfigureAwait(false));

    /// <inheritdoc/>
    public async Task<JsonObject?> TryPatchAsync(JsonObject read, JsonObject patch, CancellationToken cancellationToken) => Json(await requests.SendAsync(
        new("patch", Resource, read.Namespace(), read.Name()),
        limit => kubernetes.CoreV1.PatchNamespacedServiceWithHttpMessagesAsync(
            new V1Patch(MergePatch.OnlyIf(read.ResourceVersion(), patch).ToJsonString(), V1Patch.PatchType.MergePatch),
            read.Name(),
            read.Namespace(),
            fieldManager: JsonObjects.FieldManager,
            cancellationToken: limit),
        cancellationToken,
        HttpStatusCode.Conflict,
        HttpStatusCode.NotFound).ConfigureAwait(false));

    /// <inheritdoc/>
    public JsonObject? Difference(JsonObject from, JsonObject to) => JsonObjects.Between(from, to);

    private static JsonObject? Json(V1Service? service) => service is null ? null : JsonNode.Parse(KubernetesJson.Serialize(service))!.AsObject();
}
