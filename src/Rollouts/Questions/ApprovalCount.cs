using Rollouts.Machine;
using Rollouts.Policy;

namespace Rollouts.Questions;

/// <summary>What a rollout asks of its approvers, and how far it has got.</summary>
internal static class ApprovalCount
{
    /// <summary>The release's policy and its environment's: each has to be content.</summary>
    public static IEnumerable<ApprovalPolicy> PoliciesOf(Rollout rollout) =>
        new[] { rollout.Release.Policy.Approval, rollout.Release.Environment?.Approval }.OfType<ApprovalPolicy>();

    /// <summary>How many different people have to approve.</summary>
    public static int QuorumOf(Rollout rollout) => PoliciesOf(rollout).Select(p => p.Quorum).DefaultIfEmpty(1).Max();

    /// <summary>For people, for instance <c>1 of 2 approvals, by jo</c>; null where one answer is enough.</summary>
    public static string? Of(Rollout rollout, Question question)
    {
        int quorum = QuorumOf(rollout);
        Vote[] votes = [.. rollout.Votes.Where(v => v.Subject.StartsWith($"{question.Id} ", StringComparison.Ordinal))];
        return quorum <= 1 ? null
            : votes.Length == 0 ? $"needs {quorum} approvals"
            : $"{ApprovalCheck.Count(votes)} of {quorum} approvals, by {string.Join(", ", votes.Select(v => v.By))}";
    }
}
