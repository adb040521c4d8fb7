using System.Globalization;
using System.Text.Json.Nodes;
using Rollouts.Kubernetes.Requests;
using Rollouts.Workloads;

namespace Rollouts.Kubernetes.Workloads;

/// <summary>The versions that a Deployment has had: its ReplicaSets, which Kubernetes keeps and numbers.</summary>
internal sealed class FormerRevisions(JsonObjects replicaSets)
{
    private const int Most = 10;

    /// <summary>The ReplicaSets of a Deployment, the newest first; an API without them has none.</summary>
    public async Task<IReadOnlyList<JsonObject>> OfAsync(JsonObject deployment, CancellationToken cancellationToken)
    {
        IReadOnlyList<JsonObject> all = await replicaSets.ListAsync(deployment.Namespace(), null, cancellationToken).ConfigureAwait(false) ?? [];
        return [.. all.Where(r => IsOf(r, deployment)).OrderByDescending(Number)];
    }

    /// <summary>The revision of a ReplicaSet: the one it is labelled with, or Kubernetes' own when no rollout made it.</summary>
    public static string? Of(JsonObject replicaSet) =>
        PodTemplates.RevisionOf(PodTemplates.Of(replicaSet)) ?? replicaSet.Label(WorkloadLabels.ReplicaSetHash);

    /// <summary>The revision that Kubernetes has given the pods of the current template; null when it has not got to it yet.</summary>
    public static string? Current(JsonObject deployment, IReadOnlyList<JsonObject> owned) =>
        owned.FirstOrDefault(r => r.Annotation(WorkloadLabels.DeploymentRevision) == deployment.Annotation(WorkloadLabels.DeploymentRevision))
            ?.Label(WorkloadLabels.ReplicaSetHash);

    /// <summary>ReplicaSets of other revisions than the given one, each revision once, the newest first.</summary>
    public static IReadOnlyList<JsonObject> Before(string? current, IReadOnlyList<JsonObject> owned) =>
        [.. owned.Where(r => Of(r) is { } revision && revision != current).DistinctBy(Of).Take(Most)];

    /// <summary>What people see of a former version's ReplicaSet.</summary>
    public static FormerVersion Version(JsonObject replicaSet) => new(
        Of(replicaSet)!,
        PodTemplates.ImagesOf(PodTemplates.Of(replicaSet)),
        DateTimeOffset.TryParse(
            JsonObjectFields.Text(replicaSet["metadata"]?["creationTimestamp"]), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at)
            ? at
            : null);

    /// <summary>The template of a former version as the Deployment had it, to go back to; null when it has it still.</summary>
    /// <exception cref="PortException">Kind NotFound: it is not kept.</exception>
    public async Task<JsonObject?> TemplateAsync(JsonObject deployment, WorkloadSpec workload, string? revision, CancellationToken cancellationToken)
    {
        IReadOnlyList<JsonObject> owned = await OfAsync(deployment, cancellationToken).ConfigureAwait(false);
        if (WorkloadView.RevisionOf(deployment, owned, workload) == revision)
        {
            return null;
        }

        JsonObject found = owned.FirstOrDefault(r => Of(r) == revision)
            ?? throw new PortException(FailureKind.NotFound, $"deployment `{deployment.Name()}` in namespace {deployment.Namespace()} has no former version {revision}");
        JsonObject template = PodTemplates.Of(found).Copy();
        _ = template.Part("metadata").Part("labels").Remove(WorkloadLabels.ReplicaSetHash);
        return template;
    }

    private static bool IsOf(JsonObject replicaSet, JsonObject deployment) =>
        (replicaSet["metadata"]?["ownerReferences"] as JsonArray ?? []).Any(o => JsonObjectFields.Text(o?["uid"]) == deployment.Uid());

    private static long Number(JsonObject replicaSet) =>
        long.TryParse(replicaSet.Annotation(WorkloadLabels.DeploymentRevision), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : 0;
}
