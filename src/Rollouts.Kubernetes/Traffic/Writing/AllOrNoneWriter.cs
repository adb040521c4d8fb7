using System.Text.Json.Nodes;
using Rollouts.Kubernetes.Requests;

namespace Rollouts.Kubernetes.Traffic;

/// <summary>
/// Writes several objects so that all of them hold what is wanted or none does: when one write fails, those before it are put back to what they held.
/// </summary>
internal sealed class AllOrNoneWriter(
    RoutingObjects objects,
    KubernetesRouterOptions options,
    TimeProvider time)
{
    /// <summary>Does the changes in the order given.</summary>
    /// <param name="changes">What.</param>
    /// <param name="cancellationToken">Ends the changes, not the putting back.</param>
    /// <exception cref="PortException">Of the failed write; its message says what each object holds when there are several.</exception>
    public async Task WriteAsync(IReadOnlyList<PartChange> changes, CancellationToken cancellationToken)
    {
        List<JsonObject?> live = [];
        foreach (PartChange change in changes)
        {
            live.Add(await objects.FindAsync(change.Part, cancellationToken).ConfigureAwait(false));
            // A refusal of any of them comes before the first write.
            _ = change.Change.Apply(live[^1]);
        }

        List<PartWrite> written = [];
        for (int i = 0; i < changes.Count; i++)
        {
            try
            {
                if (await objects.WriteAsync(changes[i], live[i], cancellationToken).ConfigureAwait(false) is { } write)
                {
                    written.Add(write);
                }
            }
            catch (Exception failure) when (failure is PortException or OperationCanceledException)
            {
                (bool isKnown, JsonObject? done) = await LookAsync(changes[i], failure).ConfigureAwait(false);
                if (done is not null)
                {
                    written.Add(new PartWrite(changes[i].Part, live[i], done));
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
    /// <returns>Whether that could be told, and the object if it is as the change wants it.</returns>
    private async Task<(bool IsKnown, JsonObject? Done)> LookAsync(PartChange change, Exception failure)
    {
        if (failure is PortException { Kind: not FailureKind.Transient })
        {
            return (true, null);
        }

        using var limit = new CancellationTokenSource(options.RequestTimeout, time);
        try
        {
            JsonObject? live = await objects.FindAsync(change.Part, limit.Token).ConfigureAwait(false);
            return (true, live is not null && change.Change.Apply(live) is { } wanted && JsonObjects.Between(live, wanted) is null ? live : null);
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
        Exception failure, List<PartWrite> written, PartChange? failed, JsonObject? before, bool isKnown, int count)
    {
        List<string> holds = [];
        bool clean = isKnown;
        using var limit = new CancellationTokenSource(options.RequestTimeout, time);
        foreach (PartWrite write in written)
        {
            string? trouble = await PutBackAsync(write, limit.Token).ConfigureAwait(false);
            clean &= trouble is null;
            holds.Add(trouble is null
                ? $"`{write.Part.Name}` was put back to {Describe(write.Part, write.Before)}"
                : $"`{write.Part.Name}` holds {Describe(write.Part, write.After)} ({trouble})");
        }

        if (failed is not null)
        {
            holds.Add($"`{failed.Part.Name}` holds {Describe(failed.Part, before)}{(isKnown ? "" : " or what was to be written, no telling which")}");
        }

        if (count > 1 && !(clean && failure is OperationCanceledException))
        {
            PortException? port = failure as PortException;
            string message = $"{port?.Message ?? "cancelled"}; not all objects could be written: {string.Join(", ", holds)}";
            throw new PortException(port?.Kind ?? FailureKind.Transient, message, failure) { Owner = port?.Owner, RetryAfter = port?.RetryAfter };
        }
    }

    /// <summary>Undoes a write, unless a newer one has replaced it.</summary>
    /// <returns>Null when it is undone, else what is in the way.</returns>
    private async Task<string?> PutBackAsync(PartWrite write, CancellationToken cancellationToken)
    {
        JsonObject? reverse = JsonObjects.Between(write.After, write.Before ?? TargetOwnership.Free(write.After));
        if (reverse is null)
        {
            return null;
        }

        try
        {
            JsonObject? live = write.After;
            for (int attempt = 0; attempt < options.ConflictAttempts && live is not null; attempt++)
            {
                if (TargetOwnership.OwnerOf(live) != TargetOwnership.OwnerOf(write.After) || TargetOwnership.RevisionOf(live) != TargetOwnership.RevisionOf(write.After))
                {
                    return $"a newer write replaced it: {Describe(write.Part, live)}";
                }

                if (await objects.TryPatchAsync(write.Part, live, reverse, cancellationToken).ConfigureAwait(false) is not null)
                {
                    return null;
                }

                live = await objects.FindAsync(write.Part, cancellationToken).ConfigureAwait(false);
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

    private static string Describe(RoutingPart part, JsonObject? found) => found is null
        ? "weight 0, no owner"
        : $"{part.Read(found)}, {(TargetOwnership.OwnerOf(found) is { } owner ? $"owner {owner}" : "no owner")}";
}
