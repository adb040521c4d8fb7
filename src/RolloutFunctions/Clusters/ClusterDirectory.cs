using Rollouts;
using Rollouts.Analysis;
using Rollouts.Manifests;
using Rollouts.Traffic;
using Rollouts.Workloads;

namespace RolloutFunctions.Clusters;

/// <summary>
/// Which cluster serves a target. A namespace that one cluster serves picks it; where several do, the release names the cluster. What is not listed is
/// not touched.
/// </summary>
public sealed class ClusterDirectory(IEnumerable<ServedNamespace> served) : ITrafficRouter, IWorkloadReader, IWorkloadController, ISecretSource, ITemplateSource
{
    private readonly ILookup<string, ServedNamespace> byNamespace = served.ToLookup(s => s.Namespace, StringComparer.Ordinal);

    /// <summary>Why a target may not be touched, with the cure; null when it may.</summary>
    public string? Refusal(TrafficTarget target) => Refusal(new ClusterNamespace(target.Namespace, target.Cluster));

    /// <summary>
    /// The same target with its cluster named, also where there is no choice: one that is under way must not be without one when a second cluster that has the
    /// namespace is set up. What can't be named comes back as it is.
    /// </summary>
    public TrafficTarget Canonical(TrafficTarget target) =>
        byNamespace[target.Namespace].ToArray() is [var only] && target.Cluster is null ? target with { Cluster = only.Cluster } : target;

    /// <inheritdoc/>
    public Task<ClaimedTarget> ClaimAsync(TrafficTarget target, string owner, TimeSpan silence, CancellationToken cancellationToken) =>
        Of(target).Router.ClaimAsync(target, owner, silence, cancellationToken);

    /// <inheritdoc/>
    public Task<TargetHolder?> FindHolderAsync(TrafficTarget target, CancellationToken cancellationToken) =>
        Of(target).Router.FindHolderAsync(target, cancellationToken);

    /// <inheritdoc/>
    public Task<TrafficSplit> ApplyAsync(TrafficTarget target, TrafficSplit split, string owner, long revision, CancellationToken cancellationToken) =>
        Of(target).Router.ApplyAsync(target, split, owner, revision, cancellationToken);

    /// <inheritdoc/>
    public Task<TrafficSplit> RenewAsync(TrafficTarget target, TrafficSplit written, string owner, CancellationToken cancellationToken) =>
        Of(target).Router.RenewAsync(target, written, owner, cancellationToken);

    /// <inheritdoc/>
    public Task ReleaseAsync(TrafficTarget target, string owner, CancellationToken cancellationToken) =>
        Of(target).Router.ReleaseAsync(target, owner, cancellationToken);

    /// <inheritdoc/>
    public Task<WorkloadRevisions> ReadAsync(TrafficTarget target, CancellationToken cancellationToken) =>
        Of(target).Workloads.ReadAsync(target, cancellationToken);

    /// <inheritdoc/>
    public Task<WorkloadSpec> ResolveAsync(TrafficTarget target, WorkloadSpec workload, CancellationToken cancellationToken) =>
        DeploymentsOf(target).ResolveAsync(target, workload, cancellationToken);

    /// <inheritdoc/>
    public Task<WorkloadSpec> FindFormerAsync(TrafficTarget target, WorkloadSpec workload, string? revision, CancellationToken cancellationToken) =>
        DeploymentsOf(target).FindFormerAsync(target, workload, revision, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<FormerVersion>> ListFormerAsync(TrafficTarget target, WorkloadSpec workload, CancellationToken cancellationToken) =>
        DeploymentsOf(target).ListFormerAsync(target, workload, cancellationToken);

    /// <inheritdoc/>
    public Task<WorkloadState> ReadAsync(TrafficTarget target, WorkloadSpec workload, CancellationToken cancellationToken) =>
        DeploymentsOf(target).ReadAsync(target, workload, cancellationToken);

    /// <inheritdoc/>
    public Task<WorkloadState> ApplyAsync(
        TrafficTarget target, WorkloadSpec workload, WorkloadPlan plan, WorkloadFence fence, CancellationToken cancellationToken) =>
        DeploymentsOf(target).ApplyAsync(target, workload, plan, fence, cancellationToken);

    /// <inheritdoc/>
    public Task<string> ReadAsync(ClusterNamespace ns, SecretReference secret, CancellationToken cancellationToken) => Of(ns).Secrets is { } secrets
        ? secrets.ReadAsync(ns, secret, cancellationToken)
        : throw new PortException(FailureKind.Invalid, $"no secrets are read in the namespace {ns}");

    /// <inheritdoc/>
    public Task<ManifestFile?> FindAsync(ClusterNamespace ns, TemplateReference template, CancellationToken cancellationToken) =>
        Of(ns).Templates is { } templates ? templates.FindAsync(ns, template, cancellationToken) : Task.FromResult<ManifestFile?>(null);

    private IWorkloadController DeploymentsOf(TrafficTarget target) => Of(target).Deployments
        ?? throw new PortException(FailureKind.Invalid, $"no workloads are deployed in the namespace {target.Namespace}: leave template and workloadRef out");

    private ClusterPorts Of(TrafficTarget target) => Of(new ClusterNamespace(target.Namespace, target.Cluster));

    private ClusterPorts Of(ClusterNamespace ns) => Refusal(ns) is { } reason
        ? throw new PortException(FailureKind.Invalid, reason)
        : byNamespace[ns.Name].First(s => ns.Cluster is null || s.Cluster == ns.Cluster).Ports;

    private string? Refusal(ClusterNamespace ns)
    {
        ServedNamespace[] clusters = [.. byNamespace[ns.Name]];
        string names = string.Join(", ", clusters.Select(c => c.Cluster));
        return (clusters.Length, ns.Cluster) switch
        {
            (0, _) => $"no cluster is set up for the namespace {ns.Name}: an operator lists the namespaces that may be touched under Clusters:<name>:Namespaces",
            ( > 1, null) => $"the clusters {names} have a namespace {ns.Name}: the release names one of them as spec.cluster of its RolloutPolicy",
            (_, { } named) when clusters.All(c => c.Cluster != named) =>
                $"the cluster {named} is not set up for the namespace {ns.Name}: an operator lists it under Clusters:{named}:Namespaces; these have it: {names}",
            _ => null,
        };
    }
}

/// <summary>A namespace that may be touched, in one cluster.</summary>
public sealed record ServedNamespace(string Cluster, string Namespace, ClusterPorts Ports);

/// <summary>What is done to one cluster.</summary>
/// <param name="Router">Shifts its traffic.</param>
/// <param name="Workloads">Reads its versions.</param>
/// <param name="Deployments">Runs them; null where they are deployed by others.</param>
public sealed record ClusterPorts(ITrafficRouter Router, IWorkloadReader Workloads, IWorkloadController? Deployments = null)
{
    /// <summary>Reads secrets that metrics need. Default none.</summary>
    public ISecretSource? Secrets { get; init; }

    /// <summary>Reads templates that stand in the cluster. Default none.</summary>
    public ITemplateSource? Templates { get; init; }
}
