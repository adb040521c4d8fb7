using System.Net;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace Rollouts.Kubernetes.Requests;

/// <summary>
/// Reads and conditionally writes objects of an API group as the JSON that they are, so that a field which is newer than the client's models is neither
/// overlooked nor lost.
/// </summary>
internal sealed class JsonObjects(IKubernetes kubernetes, KubernetesRequests requests, KubernetesResource resource) : IConditionalObjects<JsonObject>
{
    public const string FieldManager = "rolloutfunctions";

    /// <inheritdoc/>
    public KubernetesResource Resource => resource;

    /// <inheritdoc/>
    public Task<JsonObject?> FindAsync(string @namespace, string name, CancellationToken cancellationToken) =>
        requests.SendAsync(
            new("get", resource, @namespace, name),
            limit => kubernetes.CustomObjects.GetNamespacedCustomObjectWithHttpMessagesAsync<JsonObject>(
                resource.Group, resource.Version, @namespace, resource.Path, name, cancellationToken: limit),
            cancellationToken,
            HttpStatusCode.NotFound);

    /// <summary>The objects with a label selector; null when the API has no such resource.</summary>
    public async Task<IReadOnlyList<JsonObject>?> ListAsync(string @namespace, string? selector, CancellationToken cancellationToken)
    {
        JsonObject? list = await requests.SendAsync(
            new("list", resource, @namespace, selector ?? "*"),
            limit => kubernetes.CustomObjects.ListNamespacedCustomObjectWithHttpMessagesAsync<JsonObject>(
                resource.Group, resource.Version, @namespace, resource.Path, labelSelector: selector, cancellationToken: limit),
            failure => failure.Response.StatusCode == HttpStatusCode.NotFound,
            cancellationToken).ConfigureAwait(false);
        return list is null ? null : [.. (list["items"] as JsonArray ?? []).OfType<JsonObject>().Select(i => Typed(i, list))];
    }

    /// <summary>An item with its type, which a server says once for the whole list.</summary>
    private static JsonObject Typed(JsonObject item, JsonObject list)
    {
        item["apiVersion"] ??= list["apiVersion"]?.DeepClone();
        item["kind"] ??= JsonObjectFields.Text(list["kind"]) is { } kind && kind.EndsWith("List", StringComparison.Ordinal) ? kind[..^"List".Length] : null;
        return item;
    }

    /// <inheritdoc/>
    public Task<JsonObject?> TryCreateAsync(JsonObject wanted, CancellationToken cancellationToken) =>
        requests.SendAsync(
            new("create", resource, wanted.Namespace(), wanted.Name()),
            limit => kubernetes.CustomObjects.CreateNamespacedCustomObjectWithHttpMessagesAsync<JsonObject>(
                wanted, resource.Group, resource.Version, wanted.Namespace(), resource.Path, fieldManager: FieldManager, cancellationToken: limit),
            cancellationToken,
            HttpStatusCode.Conflict);

    /// <inheritdoc/>
    public Task<JsonObject?> TryPatchAsync(JsonObject read, JsonObject patch, CancellationToken cancellationToken) =>
        requests.SendAsync(
            new("patch", resource, read.Namespace(), read.Name()),
            limit => kubernetes.CustomObjects.PatchNamespacedCustomObjectWithHttpMessagesAsync<JsonObject>(
                new V1Patch(MergePatch.OnlyIf(read.ResourceVersion(), patch).ToJsonString(), V1Patch.PatchType.MergePatch),
                resource.Group,
                resource.Version,
                read.Namespace(),
                resource.Path,
                read.Name(),
                fieldManager: FieldManager,
                cancellationToken: limit),
            cancellationToken,
            HttpStatusCode.Conflict,
            HttpStatusCode.NotFound);

    /// <inheritdoc/>
    public async Task<bool> TryDeleteAsync(JsonObject read, CancellationToken cancellationToken)
    {
        bool changed = false;
        _ = await requests.SendAsync(
            new("delete", resource, read.Namespace(), read.Name()),
            limit => kubernetes.CustomObjects.DeleteNamespacedCustomObjectWithHttpMessagesAsync<JsonObject>(
                resource.Group,
                resource.Version,
                read.Namespace(),
                resource.Path,
                read.Name(),
                new V1DeleteOptions
                {
                    PropagationPolicy = "Background",
                    Preconditions = new V1Preconditions { Uid = read.Uid(), ResourceVersion = read.ResourceVersion() },
                },
                cancellationToken: limit),
            failure =>
            {
                changed = failure.Response.StatusCode == HttpStatusCode.Conflict;
                return changed || (failure.Response.StatusCode == HttpStatusCode.NotFound && KubernetesFailure.IsMissingObject(failure));
            },
            cancellationToken).ConfigureAwait(false);
        return !changed;
    }

    /// <inheritdoc/>
    public JsonObject? Difference(JsonObject from, JsonObject to) => Between(from, to);

    /// <summary>The merge patch of labels, annotations and spec.</summary>
    public static JsonObject? Between(JsonObject from, JsonObject to) => MergePatch.Between(Shape(from), Shape(to));

    private static JsonObject Shape(JsonObject value) => new()
    {
        ["metadata"] = new JsonObject
        {
            ["labels"] = Part(value["metadata"]?["labels"]),
            ["annotations"] = Part(value["metadata"]?["annotations"]),
        },
        ["spec"] = Part(value["spec"]),
    };

    private static JsonNode Part(JsonNode? part) => part?.DeepClone() ?? new JsonObject();
}
