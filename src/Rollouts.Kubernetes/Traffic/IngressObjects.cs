using System.Net;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Rollouts.Kubernetes.Requests;

namespace Rollouts.Kubernetes.Traffic;

/// <summary>Reads and conditionally writes Ingress objects.</summary>
internal sealed class IngressObjects(IKubernetes kubernetes, KubernetesRequests requests)
{
    private const string FieldManager = "rolloutfunctions";

    /// <summary>The ingress as it is now, or null.</summary>
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

    /// <summary>The ingress as created; null when there is one of that name already.</summary>
    public Task<V1Ingress?> TryCreateAsync(V1Ingress ingress, CancellationToken cancellationToken) =>
        requests.SendAsync(
            new("create", KubernetesResource.Ingress, ingress.Metadata.NamespaceProperty, ingress.Metadata.Name),
            limit => kubernetes.NetworkingV1.CreateNamespacedIngressWithHttpMessagesAsync(
                ingress, ingress.Metadata.NamespaceProperty, fieldManager: FieldManager, cancellationToken: limit),
            cancellationToken,
            HttpStatusCode.Conflict);

    /// <summary>The ingress as patched; null when it is not the one that was read any more: changed, or gone.</summary>
    /// <param name="read">What the patch was computed on.</param>
    /// <param name="patch">A merge patch.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<V1Ingress?> TryPatchAsync(V1Ingress read, JsonObject patch, CancellationToken cancellationToken)
    {
        JsonObject conditional = patch.DeepClone().AsObject();
        JsonObject metadata = conditional["metadata"]?.AsObject() ?? [];
        metadata["resourceVersion"] = read.Metadata.ResourceVersion;
        conditional["metadata"] = metadata;
        string @namespace = read.Metadata.NamespaceProperty;
        return requests.SendAsync(
            new("patch", KubernetesResource.Ingress, @namespace, read.Metadata.Name),
            limit => kubernetes.NetworkingV1.PatchNamespacedIngressWithHttpMessagesAsync(
                new V1Patch(conditional.ToJsonString(), V1Patch.PatchType.MergePatch),
                read.Metadata.Name,
                @namespace,
                fieldManager: FieldManager,
                cancellationToken: limit),
            cancellationToken,
            HttpStatusCode.Conflict,
            HttpStatusCode.NotFound);
    }
}
