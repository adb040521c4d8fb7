using System.Globalization;
using System.Text.Json.Nodes;
using Rollouts.Kubernetes.Requests;
using Rollouts.Traffic;

namespace Rollouts.Kubernetes.Traffic;

/// <summary>
/// Who may write to a routing object, held on the object itself. Everything here decides on what was read; the write that follows is conditional on
/// it, so that of two rollouts that read the same only one gets through.
/// </summary>
internal static class TargetOwnership
{
    public const string OwnerAnnotation = "rolloutfunctions/owner";
    public const string RevisionAnnotation = "rolloutfunctions/revision";

    /// <summary>When the owner was last heard of, by its own clock; without it nobody takes the object from its owner.</summary>
    public const string RenewedAnnotation = "rolloutfunctions/renewed";

    /// <summary>
    /// Who gave the object free. If the same rollout takes it again its revisions go on, so a write left over from before is still out of date;
    /// for any other rollout they begin anew.
    /// </summary>
    public const string LastOwnerAnnotation = "rolloutfunctions/last-owner";

    /// <summary>The rollout from which the owner took the object; stays on it as long as that owner does, so that a claim told twice is told alike.</summary>
    public const string TakenFromAnnotation = "rolloutfunctions/taken-from";

    public static string? OwnerOf(JsonObject found) => found.Mark(OwnerAnnotation);

    /// <summary>See <see cref="RenewedAnnotation"/>.</summary>
    public static DateTimeOffset? RenewedAt(JsonObject found) => DateTimeOffset.TryParse(
        found.Mark(RenewedAnnotation), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at) ? at : null;

    public static string? TakenFrom(JsonObject found) => found.Mark(TakenFromAnnotation);

    public static long RevisionOf(JsonObject found) => long.TryParse(found.Mark(RevisionAnnotation), out long revision) ? revision : 0;

    /// <summary>The object as the rollout's own: the live one with its owner changed, else the built one.</summary>
    /// <exception cref="PortException">
    /// Kind Owned: another rollout has it and was heard of within <paramref name="silence"/>. Kind Invalid: it is not ours to write to, or nobody has it
    /// and no split can be written to it. Kind NotFound: there is none.
    /// </exception>
    public static JsonObject Claim(RoutingPart part, JsonObject? live, JsonObject? built, string owner, TimeSpan silence, DateTimeOffset now)
    {
        JsonObject claimed = (live ?? built ?? throw part.Gone()).Copy();
        string? former = null;
        if (live is not null)
        {
            part.RequireOurs(live);
            former = OwnerOf(live);
            if (former == owner)
            {
                return claimed;
            }

            // Whoever takes over has the canary's traffic to take back first, whatever became of the object since it was put there.
            if (former is null)
            {
                part.RequireSplittable(live);
            }
            else
            {
                RequireSilent(part, live, former, silence, now);
            }
        }

        bool again = claimed.Mark(LastOwnerAnnotation) == owner;
        JsonObject annotations = claimed.Annotations();
        annotations[OwnerAnnotation] = owner;
        annotations[RevisionAnnotation] = again ? $"{RevisionOf(claimed)}" : "0";
        annotations[RenewedAnnotation] = Time(now);
        _ = annotations.Remove(LastOwnerAnnotation);
        _ = annotations.Remove(TakenFromAnnotation);
        if (former is not null)
        {
            annotations[TakenFromAnnotation] = former;
        }

        return claimed;
    }

    /// <summary>Refuses a write that is not the owner's, or is older than the one on record.</summary>
    /// <returns>
    /// Whether the revision is to be recorded. It is not for an object that nobody owns, which is written only to take the canary's traffic away.
    /// </returns>
    /// <exception cref="PortException">
    /// Kind Owned, Superseded, or Invalid for an object that is not ours to write to, or that can't have a split; all traffic can be taken from the canary
    /// on any object of ours.
    /// </exception>
    public static bool RequireMayWrite(RoutingPart part, JsonObject live, TrafficSplit split, string owner, long revision)
    {
        part.RequireOurs(live);
        if (!split.Equals(TrafficSplit.None))
        {
            part.RequireSplittable(live);
        }

        string? current = OwnerOf(live);
        if (current is not null && current != owner)
        {
            throw Owned(part, current);
        }

        string? last = live.Mark(LastOwnerAnnotation);
        if (current is null && (!split.Equals(TrafficSplit.None) || (last is not null && last != owner)))
        {
            throw Unowned(part, owner);
        }

        if ((current ?? last) == owner && RevisionOf(live) > revision)
        {
            throw new PortException(
                FailureKind.Superseded, $"{part.Subject} holds revision {RevisionOf(live)} of rollout {owner}; revision {revision} is out of date");
        }

        return current is not null;
    }

    /// <summary>The object with the time at which its owner was heard of.</summary>
    /// <exception cref="PortException">Kind Owned: the rollout is not its owner.</exception>
    public static JsonObject Renew(RoutingPart part, JsonObject live, string owner, DateTimeOffset now)
    {
        switch (OwnerOf(live))
        {
            case null:
                throw Unowned(part, owner);
            case { } other when other != owner:
                throw Owned(part, other);
        }

        JsonObject renewed = live.Copy();
        renewed.Annotations()[RenewedAnnotation] = Time(now);
        return renewed;
    }

    /// <summary>The object given free; the same when the rollout does not own it.</summary>
    public static JsonObject Release(RoutingPart part, JsonObject live, string owner) =>
        part.IsOurs(live) && OwnerOf(live) == owner ? Free(live) : live;

    /// <summary>The object without an owner.</summary>
    public static JsonObject Free(JsonObject live)
    {
        JsonObject free = live.Copy();
        if (OwnerOf(live) is { } owner)
        {
            _ = free.Annotations().Remove(OwnerAnnotation);
            _ = free.Annotations().Remove(RenewedAnnotation);
            _ = free.Annotations().Remove(TakenFromAnnotation);
            free.Annotations()[LastOwnerAnnotation] = owner;
        }

        return free;
    }

    private static void RequireSilent(RoutingPart part, JsonObject live, string other, TimeSpan silence, DateTimeOffset now)
    {
        DateTimeOffset? renewed = RenewedAt(live);
        if (renewed is null || now - renewed < silence)
        {
            string heard = renewed is { } at ? $"was heard of at {at:u}" : "does not say when it was last heard of";
            throw new PortException(FailureKind.Owned, $"{part.Subject} is owned by rollout {other}, which {heard}") { Owner = other };
        }
    }

    private static string Time(DateTimeOffset now) => now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static PortException Owned(RoutingPart part, string owner) => new(FailureKind.Owned, $"{part.Subject} is owned by rollout {owner}") { Owner = owner };

    private static PortException Unowned(RoutingPart part, string owner) =>
        new(FailureKind.Owned, $"{part.Subject} is not owned by rollout {owner} (nobody owns it): it must be claimed first");
}
