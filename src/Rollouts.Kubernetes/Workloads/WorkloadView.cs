using System.Text.Json.Nodes;
using Rollouts.Workloads;

namespace Rollouts.Kubernetes.Workloads;

/// <summary>Tells what is there of a workload.</summary>
internal sealed class WorkloadView(FormerRevisions former, PodTroubles troubles, WorkloadSpec workload)
{
    public async Task<WorkloadState> OfAsync(WorkloadSnapshot seen, CancellationToken cancellationToken)
    {
        IReadOnlyList<JsonObject> owned = seen.Stable is null ? [] : await former.OfAsync(seen.Stable, cancellationToken).ConfigureAwait(false);
        string? revision = seen.Stable is null ? null : RevisionOf(seen.Stable, owned, workload);
        Dictionary<string, PodCounts> experiments = new(StringComparer.Ordinal);
        foreach ((string side, JsonObject deployment) in seen.Experiments)
        {
            experiments[side] = await CountsAsync(deployment, PodTemplates.RevisionOf(PodTemplates.Of(deployment)), cancellationToken).ConfigureAwait(false);
        }

        return new WorkloadState
        {
            Stable = seen.Stable is null ? null : await CountsAsync(seen.Stable, revision, cancellationToken).ConfigureAwait(false),
            Canary = seen.Canary is null
                ? null
                : await CountsAsync(seen.Canary, RevisionOf(seen.Canary, [], workload), cancellationToken).ConfigureAwait(false),
            Experiments = experiments,
            Autoscaled = seen.Autoscaler is not null,
            CanaryService = RoleBehind(seen),
            Former = [.. FormerRevisions.Before(revision, owned).Select(r => FormerRevisions.Of(r)!)],
        };
    }

    /// <summary>
    /// The revision of what a Deployment holds. The label of a template whose images somebody else has changed since says nothing any more; then it is the
    /// one that Kubernetes knows it by.
    /// </summary>
    public static string? RevisionOf(JsonObject deployment, IReadOnlyList<JsonObject> owned, WorkloadSpec workload)
    {
        JsonObject template = PodTemplates.Of(deployment);
        string? label = PodTemplates.RevisionOf(template);
        bool isChanged = label is not null
            && label == workload.Revision
            && workload.Template is not null
            && !PodTemplates.HasImagesOf(template, PodTemplates.Read(workload));
        return label is null || isChanged ? FormerRevisions.Current(deployment, owned) : label;
    }

    private static WorkloadRole? RoleBehind(WorkloadSnapshot seen) =>
        (ServiceSelectors.Selects(seen.CanaryService, seen.Stable), ServiceSelectors.Selects(seen.CanaryService, seen.Canary)) switch
        {
            (true, false) => WorkloadRole.Stable,
            (false, true) => WorkloadRole.Canary,
            _ => null,
        };

    private async Task<PodCounts> CountsAsync(JsonObject deployment, string? revision, CancellationToken cancellationToken) => new()
    {
        Revision = revision,
        Desired = DeploymentCounts.Desired(deployment),
        Pods = DeploymentCounts.Count(deployment, "replicas"),
        Updated = DeploymentCounts.Count(deployment, "updatedReplicas"),
        Ready = DeploymentCounts.Count(deployment, "readyReplicas"),
        Available = DeploymentCounts.Available(deployment),
        Observed = DeploymentCounts.IsObserved(deployment),
        RestartedAt = DeploymentShapes.RestartedAt(deployment),
        Problem = await troubles.OfAsync(deployment, cancellationToken).ConfigureAwait(false),
    };
}
