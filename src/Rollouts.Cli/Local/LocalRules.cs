using Rollouts.Approvals;
using Rollouts.Manifests;
using Rollouts.Policy;

namespace Rollouts.Cli.Local;

/// <summary>What a release has to be like to run in this process.</summary>
internal static class LocalRules
{
    /// <summary>The release as it runs here.</summary>
    /// <param name="approvals">What listens to people, and what the operator asks of every release.</param>
    /// <param name="release">As it was read.</param>
    /// <param name="requester">Who asks for it, as policies know people; null is not known.</param>
    /// <exception cref="InvalidInputException">The operator refuses it, or nobody could approve it here.</exception>
    public static Release Admit(LocalApprovals approvals, Release release, string? requester)
    {
        (Release? admitted, string? refusal) = approvals.Rules.Admit(release, requester);
        if (admitted is null)
        {
            throw new InvalidInputException(refusal!);
        }

        return new[] { admitted.Policy.Approval, admitted.Environment?.Approval }.OfType<ApprovalPolicy>().All(p => CanBeMet(p, approvals.Desk))
            ? admitted
            : throw new InvalidInputException(
                "the policy's approval asks who somebody is (named approvers, quorum, or requesterMayApprove: false), and here only Slack could say: every question "
                + "would stay open until it expires. Set up Slack with --settings (Slack:SigningSecret) and name Slack users or groups; or post the release to the "
                + "durable app (rollouts start); or leave spec.approval out");
    }

    /// <summary>Whoever has the token of a process is somebody who has the token; only Slack says more.</summary>
    private static bool CanBeMet(ApprovalPolicy policy, ApprovalDesk desk) =>
        !policy.NeedsActor || (desk.SlackSignature is not null && (!policy.NamesApprovers || policy.SlackUsers.Count + policy.SlackGroups.Count > 0));
}
