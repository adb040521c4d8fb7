using Rollouts;
using Rollouts.Traffic;
using Rollouts.Workloads;

namespace RolloutFunctions.Clusters;

/// <summary>Which cluster serves a namespace. What is not listed is not touched.</summary>
public sealed class ClusterDirectory(IReadOnlyDictionary<string, ClusterPorts> namespaces) : ITrafficRouter, IWorkloadReader
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

    private ClusterPorts Of(TrafficTarget target) =>
        namespaces.TryGetValue(target.Namespace, out ClusterPorts? ports) ? ports : throw new PortException(FailureKind.Invalid, Refusal(target.Namespace)!);
}

/// <summary>What is done to one cluster.</summary>
public sealed record ClusterPorts(ITrafficRouter Router, IWorkloadReader Workloads);
