using Rollouts.Journal;
using Rollouts.Questions;

namespace Rollouts.Machine;

internal sealed partial class TurnInProgress
{
    /// <summary>
    /// Whether a decision counts, and is enough. If it counts and is not enough it is kept as a vote, and there is no refusal.
    /// </summary>
    private bool IsApproved(DecisionRead read, out string? refusal)
    {
        Decision decision = read.Decision;
        refusal = ApprovalCount.PoliciesOf(rollout)
            .Select(p => ApprovalCheck.Refuse(p, decision, rollout.Release.Requester)).FirstOrDefault(r => r is not null);
        int quorum = ApprovalCount.QuorumOf(rollout);

        // A retry has fresh analysis and asks again at every gate that it comes to, a restart changes no version; one approver is enough for them.
        if (refusal is not null || quorum <= 1 || ApprovalCheck.Stops(decision.Command) || decision.Command is Command.Retry or Command.Restart)
        {
            return refusal is null;
        }

        string subject = SubjectOf(decision.Command);
        Vote vote = Vote.Of(subject, decision, decision.Actor!, now);
        Vote[] before = [.. rollout.Votes.Where(v => v.Subject == subject)];
        if (before.Any(v => v.Provider == vote.Provider && v.ActorId == vote.ActorId))
        {
            refusal = $"{decision.By} has approved already; somebody else has to as well";
            return false;
        }

        Vote[] votes = [.. before, vote];
        int counted = ApprovalCheck.Count(votes);
        if (counted >= quorum)
        {
            rollout = rollout with { Votes = [] };
            return true;
        }

        rollout = rollout with { Votes = votes };
        Record(EventType.ApprovalCounted, $"{CommandName.Of(decision.Command)} by {decision.By}{Because(read)}: {counted} of {quorum} approvals{Apart(votes, counted)}", read);
        return false;
    }

    private static string Apart(Vote[] votes, int counted) =>
        votes.Length == counted ? "" : "; those over Slack and those over Entra are counted apart, because one person may stand behind both";

    private string SubjectOf(Command command) =>
        $"{rollout.Question?.Id ?? $"attempt {rollout.Attempt} step {rollout.StepIndex}"} {CommandName.Of(command)}";

    /// <summary>Closes the open question, if there is one. Whoever closes it with the better reason does so first.</summary>
    private void CloseQuestion(QuestionEnding ending, string message, string? by = null)
    {
        if (rollout.Question is { } open)
        {
            rollout = rollout with { Question = null, Votes = [], LastQuestion = new QuestionEnd(open.Id, ending, by, now, message) };
        }
    }
}
