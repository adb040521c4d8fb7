using System.Globalization;
using System.Text.Json.Nodes;
using Rollouts.Kubernetes.Requests;
using Rollouts.Kubernetes.Traffic;
using Rollouts.Workloads;

namespace Rollouts.Kubernetes.Workloads;

/// <summary>
/// Who wrote an object last, held on the object itself. The write that follows is conditional on what was read, so that of two writers that read the same
/// only one gets through, and the other then sees whose fence is higher.
/// </summary>
internal static class FenceRecord
{
    private const string SinceAnnotation = "rolloutfunctions/since";

    /// <summary>Refuses a writer whose fence is lower than the one on record.</summary>
    /// <exception cref="PortException">Kind Superseded for the same owner's, Owned for another's.</exception>
    public static void Require(JsonObject live, WorkloadFence fence)
    {
        if (Of(live) is not { } record)
        {
            return;
        }

        int order = (record.Since, record.Revision).CompareTo((fence.Since, fence.Revision));
        if (order < 0 || (order == 0 && record.Owner == fence.Owner))
        {
            return;
        }

        string subject = $"{JsonObjectFields.Text(live["kind"])?.ToLowerInvariant() ?? "object"} `{live.Name()}` in namespace {live.Namespace()}";
        throw record.Owner == fence.Owner
            ? new PortException(
                FailureKind.Superseded,
                $"{subject} holds revision {record.Revision} of rollout {record.Owner}; revision {fence.Revision} is out of date")
            : new PortException(FailureKind.Owned, $"{subject} was written by rollout {record.Owner} since") { Owner = record.Owner };
    }

    /// <summary>Whether the object was last written under this fence.</summary>
    public static bool Is(JsonObject live, WorkloadFence fence) => Of(live) is { } record && record.Owner == fence.Owner && record.Revision == fence.Revision;

    /// <summary>Puts the fence on the object.</summary>
    public static JsonObject Write(JsonObject wanted, WorkloadFence fence)
    {
        wanted.Annotate(TargetOwnership.OwnerAnnotation, fence.Owner);
        wanted.Annotate(SinceAnnotation, fence.Since.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        wanted.Annotate(TargetOwnership.RevisionAnnotation, fence.Revision.ToString(CultureInfo.InvariantCulture));
        return wanted;
    }

    private static WorkloadFence? Of(JsonObject live) =>
        live.Annotation(TargetOwnership.OwnerAnnotation) is { Length: > 0 } owner
        && DateTimeOffset.TryParse(live.Annotation(SinceAnnotation), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset since)
        && long.TryParse(live.Annotation(TargetOwnership.RevisionAnnotation), NumberStyles.None, CultureInfo.InvariantCulture, out long revision)
            ? new WorkloadFence(owner, since, revision)
            : null;
}
