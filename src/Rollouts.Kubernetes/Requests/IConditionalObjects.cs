using System.Text.Json.Nodes;

namespace Rollouts.Kubernetes.Requests;

/// <summary>Objects of one kind that are written on the condition that they are still what was read.</summary>
/// <typeparam name="T">How an object is held.</typeparam>
internal interface IConditionalObjects<T>
    where T : class
{
    /// <summary>The kind, for messages.</summary>
    KubernetesResource Resource { get; }

    /// <summary>The object as it is now, or null.</summary>
    Task<T?> FindAsync(string @namespace, string name, CancellationToken cancellationToken);

    /// <summary>The object as created; null when there is one of that name already. A kind that is never made here leaves this as it is.</summary>
    Task<T?> TryCreateAsync(T wanted, CancellationToken cancellationToken) =>
        throw new InvalidOperationException($"no {Resource.Kind} is made here");

    /// <summary>The object as patched; null when it is not the one that was read any more: changed, or gone.</summary>
    /// <param name="read">What the patch was computed on.</param>
    /// <param name="patch">A merge patch.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<T?> TryPatchAsync(T read, JsonObject patch, CancellationToken cancellationToken);

    /// <summary>Deletes the object, and in time what it owns, if it is still the one that was read. A kind that is never deleted here leaves this as it is.</summary>
    /// <returns>Whether it is gone; false when it was changed.</returns>
    Task<bool> TryDeleteAsync(T read, CancellationToken cancellationToken) =>
        throw new InvalidOperationException($"no {Resource.Kind} is deleted here");

    /// <summary>The merge patch that makes one of the other, of what may be changed; null when they are equal.</summary>
    JsonObject? Difference(T from, T to);
}
