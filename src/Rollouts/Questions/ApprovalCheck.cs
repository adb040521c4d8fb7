using Rollouts.Journal;
using Rollouts.Policy;

namespace Rollouts.Questions;

/// <summary>Whether somebody may decide, by a policy and by what stands in the decision. Pure; the machine asks it when it acts upon a decision.</summary>
public static class ApprovalCheck
{
    /// <summary>Why a decision does not count; null when it does.</summary>
    /// <param name="policy">What one policy asks for.</param>
    /// <param name="decision">The decision.</param>
    /// <param name="requester">Who asked for the release: a mail address, <c>slack:U…</c>, <c>entra:…</c>, or another name.</param>
    public static string? Refuse(ApprovalPolicy policy, Decision decision, string? requester)
    {
        bool stops = Stops(decision.Command);
        if (stops && policy.Abort == AbortBy.Anyone)
        {
            return null;
        }

        if (decision.Actor is not { } actor)
        {
            return policy.NamesApprovers || (!stops && policy.NeedsActor)
                ? $"nobody vouches for who decided over {decision.Channel}; the policy wants somebody who is known: answer in Slack, or sign in"
                : null;
        }

        if (policy.NamesApprovers && !IsApprover(policy, actor))
        {
            return "not one of the approvers that the policy names";
        }

        return !stops && !policy.RequesterMayApprove ? RefuseRequester(decision, actor, requester) : null;
    }

    /// <summary>Whether a command only stops, and so asks for no approval unless the policy says otherwise.</summary>
    public static bool Stops(Command command) => command is Command.Abort or Command.Pause;

    /// <summary>
    /// How many different people have approved. Ids are compared within one provider only: the same person may stand behind a Slack user and an Entra
    /// account, and nobody vouches that they do not.
    /// </summary>
    public static int Count(IEnumerable<Vote> votes) =>
        votes.GroupBy(v => v.Provider).Select(g => g.Select(v => v.ActorId).Distinct(StringComparer.Ordinal).Count()).DefaultIfEmpty().Max();

    private static bool IsApprover(ApprovalPolicy policy, Actor actor) => actor.Provider switch
    {
        Actor.Slack => Contains(policy.SlackUsers, actor.Id) || policy.SlackGroups.Any(g => Contains(actor.Groups, g)),
        Actor.Entra => Contains(policy.EntraUsers, actor.Id)
            || policy.EntraGroups.Any(g => Contains(actor.Groups, g))
            || policy.AppRoles.Any(r => Contains(actor.Roles, r)),
        _ => false,
    };

    private static string? RefuseRequester(Decision decision, Actor actor, string? requester)
    {
        string[] known = [$"{actor.Provider}:{actor.Id}", .. actor.Mail is { } mail ? [mail] : Array.Empty<string>()];
        if (requester is not null && known.Contains(requester, StringComparer.OrdinalIgnoreCase))
        {
            return $"{decision.By} asked for this release; the policy wants somebody else to approve it";
        }

        // Of another provider, or known by a name only: nobody can tell whether it is the same person.
        bool comparable = requester is not null
            && (requester.StartsWith($"{actor.Provider}:", StringComparison.OrdinalIgnoreCase) || (requester.Contains('@', StringComparison.Ordinal) && actor.Mail is not null));
        return comparable
            ? null
            : $"it can't be told whether {decision.By} ({actor.Provider}:{actor.Id}) is {requester ?? "whoever"}, who asked for this release; the policy wants somebody else to approve it";
    }

    private static bool Contains(IReadOnlyList<string> ids, string id) => ids.Contains(id, StringComparer.OrdinalIgnoreCase);
}
