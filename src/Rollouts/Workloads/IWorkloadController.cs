using Rollouts.Traffic;

namespace Rollouts.Workloads;

/// <summary>
/// Runs a release's versions in a cluster: the stable version in a Deployment that is called like the rollout, the canary and the sides of an experiment in
/// Deployments of their own beside it. Every member is idempotent and ends with a <see cref="PortException"/> when the cluster does not do it.
/// </summary>
/// <remarks>
/// <para>
/// Failure kinds, the same for all members: <see cref="FailureKind.Transient"/> and <see cref="FailureKind.Forbidden"/> are tried again by the machine;
/// <see cref="FailureKind.NotFound"/> for a Service, a referenced Deployment or a named revision that is not there; <see cref="FailureKind.Invalid"/>
/// for what the cluster refuses for good (a pod template that the API does not take, an object of the same name that something else controls, a stable
/// Deployment whose immutable selector differs).
/// </para>
/// <para>
/// Pods of the roles never carry labels that another role's Deployment or Service selects; each carries the label <c>rollouts-pod-template-hash</c> with
/// its revision. Labels, annotations and fields that others have put on the objects stay.
/// </para>
/// </remarks>
public interface IWorkloadController
{
    /// <summary>
    /// Makes a release's workload complete before the rollout begins: reads the template and the selector of a referenced Deployment, and the content of
    /// the ConfigMaps and Secrets that the template names and that do not opt out, and answers with <see cref="WorkloadSpec.Template"/>,
    /// <see cref="WorkloadSpec.Selector"/> and <see cref="WorkloadSpec.Revision"/> filled in, the last by <see cref="PodTemplateHash"/>. Writes nothing.
    /// </summary>
    /// <remarks>
    /// An optional ConfigMap or Secret that is not there counts as empty; a required one that is not there is <see cref="FailureKind.NotFound"/>. A workload
    /// whose revision is filled in already comes back as it is.
    /// </remarks>
    Task<WorkloadSpec> ResolveAsync(TrafficTarget target, WorkloadSpec workload, CancellationToken cancellationToken);

    /// <summary>
    /// The template of a version that was stable before, for an undo; among those in <see cref="WorkloadState.Former"/>. A revision that is not there is
    /// <see cref="FailureKind.NotFound"/>, and the message lists those that are.
    /// </summary>
    /// <param name="target">Where.</param>
    /// <param name="workload">Whose name and selector are used.</param>
    /// <param name="revision">Which; null takes the one that was stable before the stable one of now.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The given workload with the template and the revision of that version.</returns>
    Task<WorkloadSpec> FindFormerAsync(TrafficTarget target, WorkloadSpec workload, string? revision, CancellationToken cancellationToken);

    /// <summary>The versions that <see cref="FindFormerAsync"/> finds, the latest first; none where there is no stable Deployment yet.</summary>
    Task<IReadOnlyList<FormerVersion>> ListFormerAsync(TrafficTarget target, WorkloadSpec workload, CancellationToken cancellationToken);

    /// <summary>Looks at what is there. Both Services must exist. Writes nothing.</summary>
    Task<WorkloadState> ReadAsync(TrafficTarget target, WorkloadSpec workload, CancellationToken cancellationToken);

    /// <summary>
    /// Makes the cluster's objects follow a plan, and answers with what is then there; does not wait for pods. What already is as planned is not written, so
    /// a repeated call is a read, and a call that broke off half-way is made good by the next.
    /// </summary>
    /// <param name="target">Where.</param>
    /// <param name="workload">The release's workload, resolved.</param>
    /// <param name="plan">What is to be there; absolute.</param>
    /// <param name="fence">
    /// Who writes. The fence is recorded on every object that is written, by a write that is conditional on what was read. A write whose fence is lower than
    /// the one on record (first <see cref="WorkloadFence.Since"/>, then <see cref="WorkloadFence.Revision"/>) is refused and changes nothing:
    /// <see cref="FailureKind.Superseded"/> when the record is the same owner's, <see cref="FailureKind.Owned"/> with the owner's id when it is another's. A
    /// higher fence takes over from whomever: that no two rollouts write at a time is kept by <see cref="ITrafficRouter.ClaimAsync"/>, the fence keeps a late
    /// duplicate of an old effect from undoing what came after it.
    /// </param>
    /// <param name="cancellationToken">Ends the wait, not necessarily the writes.</param>
    Task<WorkloadState> ApplyAsync(
        TrafficTarget target, WorkloadSpec workload, WorkloadPlan plan, WorkloadFence fence, CancellationToken cancellationToken);
}
