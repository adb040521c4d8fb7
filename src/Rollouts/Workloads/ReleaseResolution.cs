using Rollouts.Engine;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Manifests.Checks;

namespace Rollouts.Workloads;

/// <summary>Makes releases complete before they begin. Every engine does it with this, and first.</summary>
public static class ReleaseResolution
{
    /// <summary>
    /// The release with its workload resolved (see <see cref="IWorkloadController.ResolveAsync"/>), and known by the digest of that: the same manifest with
    /// a changed ConfigMap is another release. One whose versions somebody else deploys comes back as it is.
    /// </summary>
    /// <param name="release">As read from manifests.</param>
    /// <param name="deployments">Null on an engine that deploys no workloads.</param>
    /// <param name="time">For the time-out, which is that of effects.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<ResolvedRelease> ResolveAsync(
        this Release release, IWorkloadController? deployments, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(release);
        if (release.Workload is not { Revision: null } workload)
        {
            return new(release, null);
        }

        if (deployments is null)
        {
            return new(release, "this engine deploys no workloads; leave template and workloadRef out");
        }

        using var limit = new CancellationTokenSource(EffectPerformer.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            Release resolved = release with
            {
                Workload = await deployments.ResolveAsync(release.Target, workload, either.Token).ConfigureAwait(false),
            };
            long bytes = ReleaseDigest.CompressedBytes(resolved);
            return bytes <= ReleaseDigest.MostCompressedBytes
                ? new(resolved with { Digest = ReleaseDigest.Of(resolved) }, null)
                : new(release, $"the release is too large with its pod template: {bytes} bytes compressed, at most {ReleaseDigest.MostCompressedBytes} are allowed");
        }
        catch (PortException failure)
        {
            return new(release, failure.Message, failure.Kind == FailureKind.Transient);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(release, $"the cluster gave no answer within {EffectPerformer.Timeout.TotalSeconds:0} s; start it again", true);
        }
    }
}

/// <summary>A release that can begin, or why it can't.</summary>
/// <param name="Release">Resolved; as it was when there is a refusal.</param>
/// <param name="Refusal">For a person; null when it can begin.</param>
/// <param name="IsPassing">Whether the same start may do in a moment: the cluster did not answer.</param>
public sealed record ResolvedRelease(Release Release, string? Refusal, bool IsPassing = false)
{
    /// <summary>What the start answers; null when it can begin.</summary>
    public StartResult? Refused => Refusal is null ? null : new StartResult(IsPassing ? StartOutcome.Unavailable : StartOutcome.Refused, null, Reason: Refusal);
}
