using Rollouts.Traffic;

namespace Rollouts.Workloads;

/// <summary>Reads which versions stand behind a target's services.</summary>
public interface IWorkloadReader
{
    /// <summary>Both services must exist; kind <see cref="FailureKind.NotFound"/> otherwise.</summary>
    Task<WorkloadRevisions> ReadAsync(TrafficTarget target, CancellationToken cancellationToken);
}

/// <summary>The versions behind the two services, as their pods are labelled.</summary>
/// <param name="StableHash">
/// The pod-template hash that the stable service selects (label <c>rollouts-pod-template-hash</c>, else <c>pod-template-hash</c>,
/// else <c>app.kubernetes.io/version</c> or <c>version</c>); null when its selector names none.
/// </param>
/// <param name="CanaryHash">The same of the canary service.</param>
public sealed record WorkloadRevisions(string? StableHash, string? CanaryHash);
