using System.Text.Json.Nodes;
using k8s.Models;

namespace Rollouts.Kubernetes.Traffic;

/// <summary>Writes one ingress on the condition that it is still what was read; reads it again and retries when it is not.</summary>
internal sealed class ConditionalWriter(IngressObjects ingresses, IngressNginxRouterOptions options, TimeProvider time)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(15);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMilliseconds(400);

    /// <summary>Does the change.</summary>
    /// <param name="change">What.</param>
    /// <param name="live">As last read; null when there was none.</param>
    /// <param name="cancellationToken">Ends it between or within requests.</param>
    /// <returns>What was written; null when the ingress was as wanted already.</returns>
    /// <exception cref="PortException">The change or the cluster refuses; kind Transient when conflicts outlast the attempts.</exception>
    public async Task<IngressWrite?> WriteAsync(IngressChange change, V1Ingress? live, CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < options.ConflictAttempts; attempt++)
        {
            if (attempt > 0)
            {
                await Task.Delay(DelayBefore(attempt), time, cancellationToken).ConfigureAwait(false);
                live = await ingresses.FindAsync(change.Namespace, change.Name, cancellationToken).ConfigureAwait(false);
            }

            if (change.Apply(live) is not { } wanted)
            {
                return null;
            }

            JsonObject? patch = live is null ? null : MergePatch.Between(live, wanted);
            if (live is not null && patch is null)
            {
                return null;
            }

            V1Ingress? written = live is null
                ? await ingresses.TryCreateAsync(wanted, cancellationToken).ConfigureAwait(false)
                : await ingresses.TryPatchAsync(live, patch!, cancellationToken).ConfigureAwait(false);
            if (written is not null)
            {
                return new IngressWrite(change, live, written);
            }
        }

        throw new PortException(
            FailureKind.Transient,
            $"conflict: ingress `{change.Name}` in namespace {change.Namespace} was changed by somebody else in each of {options.ConflictAttempts} attempts to write it");
    }

    /// <summary>Does each change whatever becomes of the others.</summary>
    /// <exception cref="PortException">The first failure, when all have been tried; its message names the others.</exception>
    public async Task WriteEachAsync(IEnumerable<IngressChange> changes, CancellationToken cancellationToken)
    {
        List<PortException> failures = [];
        foreach (IngressChange change in changes)
        {
            try
            {
                V1Ingress? live = await ingresses.FindAsync(change.Namespace, change.Name, cancellationToken).ConfigureAwait(false);
                _ = await WriteAsync(change, live, cancellationToken).ConfigureAwait(false);
            }
            catch (PortException failure)
            {
                failures.Add(failure);
            }
        }

        if (failures.Count > 0)
        {
            throw new PortException(failures[0].Kind, string.Join("; ", failures.Select(f => f.Message)), failures[0]) { Owner = failures[0].Owner };
        }
    }

    private TimeSpan DelayBefore(int attempt)
    {
        TimeSpan ceiling = FirstDelay * Math.Pow(2, attempt - 1);
        return (ceiling < LongestDelay ? ceiling : LongestDelay) * (0.5 + (options.Jitter() / 2));
    }
}
