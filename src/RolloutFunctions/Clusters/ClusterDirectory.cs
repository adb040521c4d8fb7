using Rollouts;
using Rollouts.Analysis;
using Rollouts.Manifests;
using Rollouts.Traffic;
using Rollouts.Workloads;

namespace RolloutFunctions.Clusters;

/// <summary>Which cluster serves a namespace. What is not listed is not touched.</summary>
public sealed class ClusterDirectory(IReadOnlyDictionary<string, ClusterPorts> namespaces) : ITrafficRouter, IWorkloadReader, IWorkloadController, ISecretSource, ITemplateSource
{
    /// <summary>Why a namespace may not be touched, with the cure; null when it may.</summary>
    public string? Refusal(string name) => namespaces.ContainsKey(name)
        ? null
        : $"no cluster is set up for the namespace {name}: an operator lists the namespaces that may be touched under Clusters:<name>:Namespaces";

    /// <inheritdoc/>
    public Task<TrafficSplit> ClaimAsync(TrafficTarget target, string owner, CancellationToken cancellationToken) =>
        Of(target).Router.ClaimAsync(target, owner, cancellationToken);

    /// <inheritdoc/>
    public Task<TrafficSplit> ApplyAsync(TrafficTarget target, TrafficSplit split, string owner, long revision, CancellationToken cancellationToken) =>
        Of(target).Router.ApplyAsync(target, split, owner, revision, cancellationToken);

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
    public Task<WorkloadState> ReadAsync(TrafficTarget target, WorkloadSpec workload, CancellationToken cancellationToken) =>
        DeploymentsOf(target).ReadAsync(target, workload, cancellationToken);

    /// <inheritdoc/>
    public Task<WorkloadState> ApplyAsync(
        TrafficTarget target, WorkloadSpec workload, WorkloadPlan plan, WorkloadFence fence, CancellationToken cancellationToken) =>
        DeploymentsOf(target).ApplyAsync(target, workload, plan, fence, cancellationToken);

    /// <inheritdoc/>
    public Task<string> ReadAsync(string ns, SecretReference secret, CancellationToken cancellationToken) => Of(ns).Secrets is { } secrets
        ? secrets.ReadAsync(ns, secret, cancellationToken)
        : throw new PortException(FailureKind.Invalid, $"no secrets are read in the namespace {ns}");

    /// <summary>A namespace that may not be touched has no templates either; that it may not is told when the release is started.</summary>
    /// <inheritdoc/>
    public Task<ManifestFile?> FindAsync(string ns, TemplateReference template, CancellationToken cancellationToken) =>
        namespaces.TryGetValue(ns, out ClusterPorts? ports) && ports.Templates is { } templates
            ? templates.FindAsync(ns, template, cancellationToken)
            : Task.FromResult<ManifestFile?>(null);

    private IWorkloadController DeploymentsOf(TrafficTarget target) => Of(target).Deployments
        ?? throw new PortException(FailureKind.Invalid, $"no workloads are deployed in the namespace {target.Namespace}: leave template and workloadRef out");

    private ClusterPorts Of(TrafficTarget target) => Of(target.Namespace);

    private ClusterPorts Of(string name) =>
        namespaces.TryGetValue(name, out ClusterPorts? ports) ? ports : throw new PortException(FailureKind.Invalid, Refusal(name)!);
}

/// <summary>What is done to one cluster.</summary>
public sealed record ClusterPorts(ITrafficRouter Router, IWorkloadReader Workloads, IWorkloadController? Deployments = null)
{
    /// <summary>Reads secrets that metrics need. Default none.</summary>
    public ISecretSource? Secrets { get; init; }

    /// <summary>Reads templates that stand in the cluster. Default none.</summary>
    public ITemplateSource? Templates { get; init; }
}
