using System.Text.Json.Nodes;
using k8s.Models;
using Rollouts.Kubernetes.Requests;

namespace Rollouts.Kubernetes.Traffic;

/// <summary>
/// Writes several ingresses so that all of them hold what is wanted or none does: when one write fails, those before it are put back to what they held.
/// </summary>
internal sealed class AllOrNoneWriter(
    IngressObjects ingresses,
    ConditionalWriter<V1Ingress> writer,
    Func<V1Ingress, string> describe,
    IngressNginxRouterOptions options,
    TimeProvider time)
{
    /// <summary>Does the changes in the order given.</summary>
    /// <param name="changes">What.</param>
    /// <param name="cancellationToken">Ends the changes, not the putting back.</param>
    /// <exception cref="PortException">Of the failed write; its message says what each ingress holds when there are several.</exception>
    public async Task WriteAsync(IReadOnlyList<ObjectChange<V1Ingress>> changes, CancellationToken cancellationToken)
    {
        List<V1Ingress?> live = [];
        foreach (ObjectChange<V1Ingress> change in changes)
        {
            live.Add(await ingresses.FindAsync(change.Namespace, change.Name, cancellationToken).ConfigureAwait(false));
            // A refusal of any of them comes before the first write.
            _ = change.Apply(live[^1]);
        }

        List<ObjectWrite<V1Ingress>> written = [];
        for (int i = 0; i < changes.Count; i++)
        {
            try
            {
                if (await writer.WriteAsync(changes[i], live[i], cancellationToken).ConfigureAwait(false) is { } write)
                {
                    written.Add(write);
                }
            }
            catch (Exception failure) when (failure is PortException or OperationCanceledException)
            {
                (bool isKnown, V1Ingress? done) = await LookAsync(changes[i], failure).ConfigureAwait(false);
                if (done is not null)
                {
                    written.Add(new ObjectWrite<V1Ingress>(changes[i], live[i], done));
                }

                if (done is null || cancellationToken.IsCancellationRequested)
                {
                    await PutAllBackAsync(failure, written, done is null ? changes[i] : null, live[i], isKnown, changes.Count).ConfigureAwait(false);
                    throw;
                }
            }
        }
    }

    /// <summary>A request without an answer may have been done all the same.</summary>
    /// <returns>Whether that could be told, and the ingress if it is as the change wants it.</returns>
    private async Task<(bool IsKnown, V1Ingress? Done)> LookAsync(ObjectChange<V1Ingress> change, Exception failure)
    {
        if (failure is PortException { Kind: not FailureKind.Transient })
        {
            return (true, null);
        }

        using var limit = new CancellationTokenSource(options.RequestTimeout, time);
        try
        {
            V1Ingress? live = await ingresses.FindAsync(change.Namespace, change.Name, limit.Token).ConfigureAwait(false);
            return (true, live is not null && change.Apply(live) is { } wanted && ingresses.Difference(live, wanted) is null ? live : null);
        }
        catch (PortException refusal)
        {
            // The change refuses what is there now, for instance a newer revision: then it was certainly not done.
            return (refusal.Kind is not (FailureKind.Transient or FailureKind.Forbidden), null);
        }
        catch (OperationCanceledException)
        {
            return (false, null);
        }
    }

    private async Task PutAllBackAsync(
        Exception failure, List<ObjectWrite<V1Ingress>> written, ObjectChange<V1Ingress>? failed, V1Ingress? before, bool isKnown, int count)
    {
        List<string> holds = [];
        bool clean = isKnown;
        using var limit = new CancellationTokenSource(options.RequestTimeout, time);
        foreach (ObjectWrite<V1Ingress> write in written)
        {
            string? trouble = await PutBackAsync(write, limit.Token).ConfigureAwait(false);
            clean &= trouble is null;
            holds.Add(trouble is null
                ? $"`{write.Change.Name}` was put back to {Describe(write.Before)}"
                : $"`{write.Change.Name}` holds {describe(write.After)} ({trouble})");
        }

        if (failed is not null)
        {
            holds.Add($"`{failed.Name}` holds {Describe(before)}{(isKnown ? "" : " or what was to be written, no telling which")}");
        }

        if (count > 1 && !(clean && failure is OperationCanceledException))
        {
            PortException? port = failure as PortException;
            string message = $"{port?.Message ?? "cancelled"}; not all ingresses could be written: {string.Join(", ", holds)}";
            throw new PortException(port?.Kind ?? FailureKind.Transient, message, failure) { Owner = port?.Owner };
        }
    }

    /// <summary>Undoes a write, unless a newer one has replaced it.</summary>
    /// <returns>Null when it is undone, else what is in the way.</returns>
    private async Task<string?> PutBackAsync(ObjectWrite<V1Ingress> write, CancellationToken cancellationToken)
    {
        JsonObject? reverse = ingresses.Difference(write.After, write.Before ?? CanaryOwnership.Free(write.After));
        if (reverse is null)
        {
            return null;
        }

        try
        {
            V1Ingress? live = write.After;
            for (int attempt = 0; attempt < options.ConflictAttempts && live is not null; attempt++)
            {
                if (CanaryOwnership.OwnerOf(live) != CanaryOwnership.OwnerOf(write.After) || CanaryOwnership.RevisionOf(live) != CanaryOwnership.RevisionOf(write.After))
                {
                    return $"a newer write replaced it: {describe(live)}";
                }

                if (await ingresses.TryPatchAsync(live, reverse, cancellationToken).ConfigureAwait(false) is not null)
                {
                    return null;
                }

                live = await ingresses.FindAsync(write.Change.Namespace, write.Change.Name, cancellationToken).ConfigureAwait(false);
            }

            return live is null ? "it is gone by now" : "somebody else keeps changing it";
        }
        catch (PortException failure)
        {
            return $"it could not be put back: {failure.Message}";
        }
        catch (OperationCanceledException)
        {
            return $"it could not be put back within {options.RequestTimeout.TotalSeconds:0.###} s";
        }
    }

    private string Describe(V1Ingress? ingress) => ingress is null ? "weight 0, no owner" : describe(ingress);
}
