using System.Net;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Rollouts.Kubernetes.Requests;

namespace Rollouts.Kubernetes.Traffic;

/// <summary>Reads and conditionally writes Ingress objects.</summary>
internal sealed class IngressObjects(IKubernetes kubernetes, KubernetesRequests requests) : IConditionalObjects<V1Ingress>
{
    private const string FieldManager = "rolloutfunctions";

    /// <inheritdoc/>
    public KubernetesResource Resource => KubernetesResource.Ingress;

    /// <inheritdoc/>
    public Task<V1Ingress?> FindAsync(string @namespace, string name, CancellationToken cancellationToken) =>
        requests.SendAsync(
            new("get", KubernetesResource.Ingress, @namespace, name),
            limit => kubernetes.NetworkingV1.ReadNamespacedIngressWithHttpMessagesAsync(name, @namespace, cancellationToken: limit),
            cancellationToken,
            HttpStatusCode.NotFound);

    /// <exception cref="PortException">Kind NotFound when it is not there.</exception>
    public async Task<V1Ingress> GetAsync(string @namespace, string name, CancellationToken cancellationToken) =>
        await FindAsync(@namespace, name, cancellationToken).ConfigureAwait(false)
        ?? throw new PortException(FailureKind.NotFound, $"ingress `{name}` not found in namespace {@namespace}");

    /// <inheritdoc/>
    public Task<V1Ingress?> TryCreateAsync(V1Ingress ingress, CancellationToken cancellationToken) =>
        requests.SendAsync(
            new("create", KubernetesResource.Ingress, ingress.Metadata.NamespaceProperty, ingress.Metadata.Name),
            limit => kubernetes.NetworkingV1.CreateNamespacedIngressWithHttpMessagesAsync(
                ingress, ingress.Metadata.NamespaceProperty, fieldManager: FieldManager, cancellationToken: limit),
            cancellationToken,
            HttpStatusCode.Conflict);

    /// <inheritdoc/>
    public Task<V1Ingress?> TryPatchAsync(V1Ingress read, JsonObject patch, CancellationToken cancellationToken)
    {
        string @namespace = read.Metadata.NamespaceProperty;
        return requests.SendAsync(
            new("patch", KubernetesResource.Ingress, @namespace, read.Metadata.Name),
            limit => kubernetes.NetworkingV1.PatchNamespacedIngressWithHttpMessagesAsync(
                new V1Patch(MergePatch.OnlyIf(read.Metadata.ResourceVersion, patch).ToJsonString(), V1Patch.PatchType.MergePatch),
                read.Metadata.Name,
                @namespace,
                fieldManager: FieldManager,
                cancellationToken: limit),
            cancellationToken,
            HttpStatusCode.Conflict,
            HttpStatusCode.NotFound);
    }

    /// <inheritdoc/>
    public JsonObject? Difference(V1Ingress from, V1Ingress to) => Between(from, to);

    /// <summary>The merge patch of what a router may change: labels, annotations and spec.</summary>
    public static JsonObject? Between(V1Ingress from, V1Ingress to) => MergePatch.Between(Shape(from), Shape(to));

    /// <summary>A copy that shares nothing with the original.</summary>
    public static V1Ingress Copy(V1Ingress ingress) => KubernetesJson.Deserialize<V1Ingress>(KubernetesJson.Serialize(ingress));

    private static JsonObject Shape(V1Ingress ingress) => new()
    {
        ["metadata"] = new JsonObject
        {
            ["labels"] = Node(ingress.Metadata.Labels ?? new Dictionary<string, string>()),
            ["annotations"] = Node(ingress.Metadata.Annotations ?? new Dictionary<string, string>()),
        },
        ["spec"] = Node(ingress.Spec ?? new V1IngressSpec()),
    };

    private static JsonNode? Node(object value) => JsonNode.Parse(KubernetesJson.Serialize(value));
}
