using System.Text.Json.Nodes;

namespace Rollouts.Kubernetes.Requests;

/// <summary>Writes one object on the condition that it is still what was read; reads it again and retries when it is not.</summary>
/// <param name="objects">Where it is written.</param>
/// <param name="attempts">How often one write is tried when others change the object in between.</param>
/// <param name="jitter">A random number from 0 to 1 that spreads the retries of several writers.</param>
/// <param name="time">For the delays.</param>
internal sealed class ConditionalWriter<T>(IConditionalObjects<T> objects, int attempts, Func<double> jitter, TimeProvider time)
    where T : class
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(15);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMilliseconds(400);

    /// <summary>Does the change.</summary>
    /// <param name="change">What.</param>
    /// <param name="live">As last read; null when there was none.</param>
    /// <param name="cancellationToken">Ends it between or within requests.</param>
    /// <returns>What was written; null when the object was as wanted already.</returns>
    /// <exception cref="PortException">The change or the cluster refuses; kind Transient when conflicts outlast the attempts.</exception>
    public async Task<ObjectWrite<T>?> WriteAsync(ObjectChange<T> change, T? live, CancellationToken cancellationToken)
    {
        ObjectWrite<T>? result = null;
        await AttemptAsync(change.Namespace, change.Name, live, "write", async there =>
        {
            if (change.Apply(there) is not { } wanted)
            {
                return true;
            }

            JsonObject? patch = there is null ? null : objects.Difference(there, wanted);
            if (there is not null && patch is null)
            {
                return true;
            }

            T? written = there is null
                ? await objects.TryCreateAsync(wanted, cancellationToken).ConfigureAwait(false)
                : await objects.TryPatchAsync(there, patch!, cancellationToken).ConfigureAwait(false);
            result = written is null ? null : new ObjectWrite<T>(change, there, written);
            return written is not null;
        }, cancellationToken).ConfigureAwait(false);
        return result;
    }

    /// <summary>Deletes one object as long as what is there may be deleted; controllers change an object's status all the time.</summary>
    /// <param name="namespace">Where it is.</param>
    /// <param name="name">Its name.</param>
    /// <param name="live">As last read.</param>
    /// <param name="mayBeDeleted">Asked before each attempt; what it throws is thrown on.</param>
    /// <param name="cancellationToken">Ends it between or within requests.</param>
    /// <exception cref="PortException">The cluster refuses; kind Transient when conflicts outlast the attempts.</exception>
    public Task DeleteAsync(string @namespace, string name, T live, Func<T, bool> mayBeDeleted, CancellationToken cancellationToken) => AttemptAsync(
        @namespace,
        name,
        live,
        "delete",
        async there => there is null || !mayBeDeleted(there) || await objects.TryDeleteAsync(there, cancellationToken).ConfigureAwait(false),
        cancellationToken);

    /// <summary>Does each change whatever becomes of the others.</summary>
    /// <exception cref="PortException">The first failure, when all have been tried; its message names the others.</exception>
    public async Task WriteEachAsync(IEnumerable<ObjectChange<T>> changes, CancellationToken cancellationToken)
    {
        List<PortException> failures = [];
        foreach (ObjectChange<T> change in changes)
        {
            try
            {
                T? live = await objects.FindAsync(change.Namespace, change.Name, cancellationToken).ConfigureAwait(false);
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

    /// <summary>Tries until it is done, each time on what is there by then.</summary>
    private async Task AttemptAsync(string @namespace, string name, T? live, string verb, Func<T?, Task<bool>> isDoneAsync, CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < attempts; attempt++)
        {
            if (attempt > 0)
            {
                await Task.Delay(DelayBefore(attempt), time, cancellationToken).ConfigureAwait(false);
                live = await objects.FindAsync(@namespace, name, cancellationToken).ConfigureAwait(false);
            }

            if (await isDoneAsync(live).ConfigureAwait(false))
            {
                return;
            }
        }

        throw new PortException(
            FailureKind.Transient,
            $"conflict: {objects.Resource.Kind} `{name}` in namespace {@namespace} was changed by somebody else in each of {attempts} attempts to {verb} it");
    }

    private TimeSpan DelayBefore(int attempt)
    {
        TimeSpan ceiling = FirstDelay * Math.Pow(2, attempt - 1);
        return (ceiling < LongestDelay ? ceiling : LongestDelay) * (0.5 + (jitter() / 2));
    }
}
