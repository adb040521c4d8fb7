using k8s.Models;
using Rollouts.Traffic;

namespace Rollouts.Kubernetes.Traffic;

/// <summary>
/// Who may write to a canary ingress, held on the ingress itself. Everything here decides on what was read; the write that follows is conditional on
/// it, so that of two rollouts that read the same only one gets through.
/// </summary>
internal static class CanaryOwnership
{
    public const string OwnerAnnotation = "rolloutfunctions/owner";
    public const string RevisionAnnotation = "rolloutfunctions/revision";

    /// <summary>
    /// Who gave the ingress free. If the same rollout takes it again its revisions go on, so a write left over from before is still out of date;
    /// for any other rollout they begin anew.
    /// </summary>
    public const string LastOwnerAnnotation = "rolloutfunctions/last-owner";

    public static string? OwnerOf(V1Ingress ingress) => Annotation(ingress, OwnerAnnotation);

    public static long RevisionOf(V1Ingress ingress) => long.TryParse(Annotation(ingress, RevisionAnnotation), out long revision) ? revision : 0;

    /// <summary>Whether the ingress is one that a rollout of this name made.</summary>
    public static bool IsOurs(V1Ingress ingress, TrafficTarget target) =>
        ingress.Metadata.Labels is { } labels
        && labels.TryGetValue(CanaryIngress.ManagedByLabel, out string? manager)
        && manager == CanaryIngress.ManagedBy
        && Annotation(ingress, CanaryIngress.RolloutAnnotation) == target.RolloutName;

    /// <summary>The ingress as the rollout's own: the live one with its owner changed, else the built one.</summary>
    /// <exception cref="PortException">Kind Owned: another rollout has it. Kind Invalid: it is not ours to write to.</exception>
    public static V1Ingress Claim(V1Ingress? live, V1Ingress built, TrafficTarget target, string owner)
    {
        V1Ingress claimed = IngressObjects.Copy(live ?? built);
        if (live is not null)
        {
            RequireOurs(live, target);
            switch (OwnerOf(live))
            {
                case { } other when other != owner:
                    throw Owned(live, other);
                case not null:
                    return claimed;
            }
        }

        bool again = Annotation(claimed, LastOwnerAnnotation) == owner;
        claimed.Metadata.Annotations ??= new Dictionary<string, string>();
        claimed.Metadata.Annotations[OwnerAnnotation] = owner;
        claimed.Metadata.Annotations[RevisionAnnotation] = again ? $"{RevisionOf(claimed)}" : "0";
        _ = claimed.Metadata.Annotations.Remove(LastOwnerAnnotation);
        return claimed;
    }

    /// <summary>Refuses a write that is not the owner's, or is older than the one on record.</summary>
    /// <returns>
    /// Whether the revision is to be recorded. It is not for an ingress that nobody owns, which is written only to take the canary's traffic away.
    /// </returns>
    /// <exception cref="PortException">Kind Owned, Superseded, or Invalid for an ingress that is not ours to write to.</exception>
    public static bool RequireMayWrite(V1Ingress live, TrafficTarget target, TrafficSplit split, string owner, long revision)
    {
        RequireOurs(live, target);
        string? current = OwnerOf(live);
        if (current is not null && current != owner)
        {
            throw Owned(live, current);
        }

        string? last = Annotation(live, LastOwnerAnnotation);
        if (current is null && (!split.Equals(TrafficSplit.None) || (last is not null && last != owner)))
        {
            throw new PortException(FailureKind.Owned, $"{Subject(live)} is not owned by rollout {owner} (nobody owns it): it must be claimed first");
        }

        if ((current ?? last) == owner && RevisionOf(live) > revision)
        {
            throw new PortException(
                FailureKind.Superseded, $"{Subject(live)} holds revision {RevisionOf(live)} of rollout {owner}; revision {revision} is out of date");
        }

        return current is not null;
    }

    /// <summary>The ingress given free; the same when the rollout does not own it.</summary>
    public static V1Ingress Release(V1Ingress live, TrafficTarget target, string owner) =>
        IsOurs(live, target) && OwnerOf(live) == owner ? Free(live) : live;

    /// <summary>The ingress without an owner.</summary>
    public static V1Ingress Free(V1Ingress live)
    {
        V1Ingress free = IngressObjects.Copy(live);
        if (OwnerOf(live) is { } owner)
        {
            _ = free.Metadata.Annotations.Remove(OwnerAnnotation);
            free.Metadata.Annotations[LastOwnerAnnotation] = owner;
        }

        return free;
    }

    private static void RequireOurs(V1Ingress live, TrafficTarget target)
    {
        if (!IsOurs(live, target))
        {
            throw new PortException(
                FailureKind.Invalid,
                $"{Subject(live)} is controlled by different object: it lacks the label {CanaryIngress.ManagedByLabel}: {CanaryIngress.ManagedBy} "
                + $"or the annotation {CanaryIngress.RolloutAnnotation}: {target.RolloutName}; delete or rename it");
        }
    }

    private static PortException Owned(V1Ingress live, string owner) =>
        new(FailureKind.Owned, $"{Subject(live)} is owned by rollout {owner}") { Owner = owner };

    private static string Subject(V1Ingress ingress) => $"ingress `{ingress.Metadata.Name}` in namespace {ingress.Metadata.NamespaceProperty}";

    private static string? Annotation(V1Ingress ingress, string key) =>
        ingress.Metadata.Annotations is { } annotations && annotations.TryGetValue(key, out string? value) && value.Length > 0 ? value : null;
}
