using Rollouts.Engine;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Manifests.Checks;

namespace Rollouts.Workloads;

/// <summary>Releases of content that has run before.</summary>
public static class ReleaseRuns
{
    /// <summary>The longest name of a run.</summary>
    public const int LongestRun = 100;

    /// <summary>The same content as a release of its own.</summary>
    public static Release AsRun(this Release release, string run)
    {
        ArgumentNullException.ThrowIfNull(release);
        Release named = release with { Run = run };
        return named with { Digest = ReleaseDigest.Of(named) };
    }

    /// <summary>
    /// A release that goes back to a former version, with the steps and the policy of the one that is undone. Within the rollback window it takes no steps.
    /// </summary>
    /// <param name="undone">The rollout that is undone, or any other of the same name.</param>
    /// <param name="undo">Where to, and for whom.</param>
    /// <param name="deployments">Null on an engine that deploys no workloads.</param>
    /// <param name="time">For the time-out, which is that of effects.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<ResolvedRelease> BackAsync(
        this Rollout undone, UndoRequest undo, IWorkloadController? deployments, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(undone);
        ArgumentNullException.ThrowIfNull(undo);
        Release release = undone.Release;
        (WorkloadSpec? former, string? refusal, bool isPassing) = await AskAsync(
            release, deployments, (cluster, workload, ct) => cluster.FindFormerAsync(release.Target, workload, undo.Revision, ct), time, cancellationToken)
            .ConfigureAwait(false);
        return former is null
            ? new(release, refusal, isPassing)
            : new(
                (release with { Workload = former, Paused = false, Requester = undo.Requester, Reason = undo.Reason }).AsRun($"undo of {undone.Id}"),
                null);
    }

    /// <summary>The versions that a rollout's workload can go back to.</summary>
    /// <param name="rollout">Any rollout of the workload.</param>
    /// <param name="deployments">Null on an engine that deploys no workloads.</param>
    /// <param name="time">For the time-out, which is that of effects.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<FormerVersions> FormerAsync(
        this Rollout rollout, IWorkloadController? deployments, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        Release release = rollout.Release;
        (IReadOnlyList<FormerVersion>? versions, string? refusal, _) = await AskAsync(
            release, deployments, (cluster, workload, ct) => cluster.ListFormerAsync(release.Target, workload, ct), time, cancellationToken)
            .ConfigureAwait(false);
        return new FormerVersions(versions ?? [], refusal);
    }

    private static async Task<(T? Answer, string? Refusal, bool IsPassing)> AskAsync<T>(
        Release release,
        IWorkloadController? deployments,
        Func<IWorkloadController, WorkloadSpec, CancellationToken, Task<T>> ask,
        TimeProvider time,
        CancellationToken cancellationToken)
        where T : class
    {
        if (release.Workload is not { } workload || deployments is null)
        {
            return (null, "its versions are deployed by somebody else; deploy the former one there and release it", false);
        }

        using var limit = new CancellationTokenSource(EffectPerformer.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return (await ask(deployments, workload, either.Token).ConfigureAwait(false), null, false);
        }
        catch (PortException failure)
        {
            return (null, failure.Message, failure.Kind == FailureKind.Transient);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, $"the cluster gave no answer within {EffectPerformer.Timeout.TotalSeconds:0} s; try again", true);
        }
    }
}

/// <summary>What a workload can go back to.</summary>
/// <param name="Versions">The latest first.</param>
/// <param name="Refusal">Why they can't be told; null when they could.</param>
public sealed record FormerVersions(IReadOnlyList<FormerVersion> Versions, string? Refusal);
