using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using k8s;
using Rollouts.Kubernetes.Requests;

namespace Rollouts.Kubernetes.Traffic;

/// <summary>The objects of one cluster that parts are written to, whatever their kinds.</summary>
internal sealed class RoutingObjects(IKubernetes kubernetes, KubernetesRouterOptions options, TimeProvider time)
{
    private readonly KubernetesRequests requests = new(options.RequestTimeout, time);
    private readonly ConcurrentDictionary<KubernetesResource, JsonObjects> kinds = [];

    /// <summary>The object of a part, or null.</summary>
    public Task<JsonObject?> FindAsync(RoutingPart part, CancellationToken cancellationToken) =>
        Of(part.Resource).FindAsync(part.Namespace, part.Name, cancellationToken);

    /// <summary>An object that a part depends on.</summary>
    /// <exception cref="PortException">Kind NotFound when it is not there.</exception>
    public async Task<JsonObject> GetAsync(KubernetesResource resource, string @namespace, string name, CancellationToken cancellationToken) =>
        await Of(resource).FindAsync(@namespace, name, cancellationToken).ConfigureAwait(false)
        ?? throw new PortException(FailureKind.NotFound, $"{resource.Kind} `{name}` not found in namespace {@namespace}");

    /// <summary>Does the change.</summary>
    /// <param name="change">What.</param>
    /// <param name="live">As last read; null when there was none.</param>
    /// <param name="cancellationToken">Ends it between or within requests.</param>
    /// <returns>What was written; null when the object was as wanted already.</returns>
    /// <exception cref="PortException">The change or the cluster refuses; kind Transient when conflicts outlast the attempts.</exception>
    public async Task<PartWrite?> WriteAsync(PartChange change, JsonObject? live, CancellationToken cancellationToken)
    {
        ConditionalWriter<JsonObject> writer = new(Of(change.Part.Resource), options.ConflictAttempts, options.Jitter, time);
        return await writer.WriteAsync(change.Change, live, cancellationToken).ConfigureAwait(false) is { } write
            ? new PartWrite(change.Part, write.Before, write.After)
            : null;
    }

    /// <summary>Does each change whatever becomes of the others.</summary>
    /// <exception cref="PortException">The first failure, when all have been tried; its message names the others.</exception>
    public async Task WriteEachAsync(IEnumerable<PartChange> changes, CancellationToken cancellationToken)
    {
        List<PortException> failures = [];
        foreach (PartChange change in changes)
        {
            try
            {
                JsonObject? live = await FindAsync(change.Part, cancellationToken).ConfigureAwait(false);
                _ = await WriteAsync(change, live, cancellationToken).ConfigureAwait(false);
            }
            catch (PortException failure)
            {
                failures.Add(failure);
            }
        }

        if (failures.Count > 0)
        {
            throw new PortException(failures[0].Kind, string.Join("; ", failures.Select(f => f.Message)), failures[0])
            {
                Owner = failures[0].Owner,
                RetryAfter = failures.Max(f => f.RetryAfter),
            };
        }
    }

    /// <summary>The object as patched; null when it is not the one that was read any more: changed, or gone.</summary>
    public Task<JsonObject?> TryPatchAsync(RoutingPart part, JsonObject read, JsonObject patch, CancellationToken cancellationToken) =>
        Of(part.Resource).TryPatchAsync(read, patch, cancellationToken);

    private JsonObjects Of(KubernetesResource resource) => kinds.GetOrAdd(resource, kind => new JsonObjects(kubernetes, requests, kind));
}
