using System.Text.Json.Nodes;
using k8s;
using Rollouts.Kubernetes.Requests;
using Rollouts.Traffic;
using Rollouts.Workloads;

namespace Rollouts.Kubernetes.Workloads;

/// <summary>
/// Runs versions as plain Deployments: the stable one under the rollout's name, the canary as <c>name-canary</c>, the sides of an experiment as
/// <c>name-experiment-side</c>. Kubernetes' own controllers make the pods; what autoscalers decide about the stable one stays theirs.
/// </summary>
/// <remarks>
/// Needs, on the namespace: get, list, create, patch and delete on deployments; get and patch on services; list on replicasets, pods,
/// horizontalpodautoscalers and KEDA's scaledobjects; list and create on poddisruptionbudgets; get on the configmaps and secrets that templates name.
/// </remarks>
public sealed class DeploymentWorkloads : IWorkloadController
{
    private readonly WorkloadObjects objects;
    private readonly PodTroubles troubles;
    private readonly ConfigContents contents;
    private readonly ConditionalWriter<JsonObject> deployments;
    private readonly ConditionalWriter<JsonObject> services;

    /// <param name="kubernetes">The cluster; not disposed here.</param>
    /// <param name="time">For time-outs and retries.</param>
    /// <param name="options">Null takes the defaults.</param>
    public DeploymentWorkloads(IKubernetes kubernetes, TimeProvider time, DeploymentWorkloadsOptions? options = null)
    {
        options ??= new DeploymentWorkloadsOptions();
        KubernetesRequests requests = new(options.RequestTimeout, time);
        objects = new WorkloadObjects(kubernetes, requests);
        troubles = new PodTroubles(kubernetes, requests);
        contents = new ConfigContents(kubernetes, requests);
        deployments = new ConditionalWriter<JsonObject>(objects.Deployments, options.ConflictAttempts, options.Jitter, time);
        services = new ConditionalWriter<JsonObject>(objects.Services, options.ConflictAttempts, options.Jitter, time);
    }

    /// <inheritdoc/>
    public async Task<WorkloadSpec> ResolveAsync(TrafficTarget target, WorkloadSpec workload, CancellationToken cancellationToken)
    {
        if (workload.Revision is not null)
        {
            return workload;
        }

        WorkloadSpec complete = workload.Reference is { } reference
            ? await ReferencedAsync(target, workload, reference, cancellationToken).ConfigureAwait(false)
            : workload;
        IReadOnlyDictionary<string, string> digests = await contents
            .OfAsync(target.Namespace, PodTemplates.Read(complete), cancellationToken).ConfigureAwait(false);
        return complete with { Revision = PodTemplateHash.Of(complete.Template!, digests) };
    }

    /// <inheritdoc/>
    public async Task<WorkloadSpec> FindFormerAsync(TrafficTarget target, WorkloadSpec workload, string? revision, CancellationToken cancellationToken)
    {
        IReadOnlyList<JsonObject> before = await BeforeAsync(target, workload, cancellationToken).ConfigureAwait(false)
            ?? throw new PortException(FailureKind.NotFound, $"{target} has no former version: there is no deployment `{target.RolloutName}`");
        JsonObject? found = before.FirstOrDefault(r => revision is null || FormerRevisions.Of(r) == revision);
        if (found is null)
        {
            string there = before.Count == 0 ? "none is kept" : $"there are {string.Join(", ", before.Select(FormerRevisions.Of))}";
            throw new PortException(FailureKind.NotFound, $"{target} has no former version{(revision is null ? "" : $" {revision}")}: {there}");
        }

        return workload with
        {
            Template = CanonicalJson.Of(PodTemplates.Plain(PodTemplates.Of(found), workload.StableMetadata)),
            Revision = FormerRevisions.Of(found),
        };
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<FormerVersion>> ListFormerAsync(TrafficTarget target, WorkloadSpec workload, CancellationToken cancellationToken) =>
        [.. (await BeforeAsync(target, workload, cancellationToken).ConfigureAwait(false) ?? []).Select(FormerRevisions.Version)];

    /// <inheritdoc/>
    public async Task<WorkloadState> ReadAsync(TrafficTarget target, WorkloadSpec workload, CancellationToken cancellationToken)
    {
        WorkloadSnapshot seen = await objects.ReadAsync(target, cancellationToken).ConfigureAwait(false);
        return await new WorkloadView(objects.Former, troubles, workload).OfAsync(seen, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<WorkloadState> ApplyAsync(
        TrafficTarget target, WorkloadSpec workload, WorkloadPlan plan, WorkloadFence fence, CancellationToken cancellationToken)
    {
        await new WorkloadWriter(objects, deployments, services, target, workload, plan, fence).WriteAsync(cancellationToken).ConfigureAwait(false);
        return await ReadAsync(target, workload, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The ReplicaSets of former versions; null where there is no stable Deployment.</summary>
    private async Task<IReadOnlyList<JsonObject>?> BeforeAsync(TrafficTarget target, WorkloadSpec workload, CancellationToken cancellationToken)
    {
        if (await objects.Deployments.FindAsync(target.Namespace, target.RolloutName, cancellationToken).ConfigureAwait(false) is not { } stable)
        {
            return null;
        }

        IReadOnlyList<JsonObject> owned = await objects.Former.OfAsync(stable, cancellationToken).ConfigureAwait(false);
        return FormerRevisions.Before(WorkloadView.RevisionOf(stable, owned, workload), owned);
    }

    private async Task<WorkloadSpec> ReferencedAsync(
        TrafficTarget target, WorkloadSpec workload, WorkloadReference reference, CancellationToken cancellationToken)
    {
        JsonObject deployment = await objects.Deployments.FindAsync(target.Namespace, reference.Name, cancellationToken).ConfigureAwait(false)
            ?? throw new PortException(FailureKind.NotFound, $"deployment `{reference.Name}`, which workloadRef names, not found in namespace {target.Namespace}");
        Dictionary<string, string> selector = JsonObjectFields.TextMap(deployment["spec"]?["selector"]?["matchLabels"]);
        if (selector.Count == 0)
        {
            throw new PortException(
                FailureKind.Invalid, $"deployment `{reference.Name}` in namespace {target.Namespace} selects by expressions only; a rollout needs matchLabels");
        }

        return workload with
        {
            Template = CanonicalJson.Of(PodTemplates.Plain(PodTemplates.Of(deployment), null)),
            Selector = new SortedDictionary<string, string>(selector, StringComparer.Ordinal),
        };
    }
}
