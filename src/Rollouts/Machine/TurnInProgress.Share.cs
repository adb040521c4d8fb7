using Rollouts.Analysis;
using Rollouts.Journal;
using Rollouts.Policy;
using Rollouts.Steps;
using Rollouts.Traffic;

namespace Rollouts.Machine;

/// <summary>Whether the canary really gets the share of requests that its weight says.</summary>
internal sealed partial class TurnInProgress
{
    private static readonly TimeSpan CountInterval = TimeSpan.FromSeconds(10);

    private bool IsCounted => rollout is { Stage: RolloutStage.Stepping, CurrentStep: SetWeightStep, StepStartedAt: not null } && IsWatched;

    /// <summary>Whether the step may end as far as its share is concerned; begins the check when it has not begun.</summary>
    private bool ShareIsRight()
    {
        if (Policy.WeightVerification is not { } verification)
        {
            return true;
        }

        if (rollout.Share?.Revision != rollout.TrafficRevision)
        {
            // Counted over what came after the change only: the window has to have passed once.
            rollout = rollout with { Share = new ShareCheck(rollout.TrafficRevision, now, now + verification.Window) };
        }

        ShareCheck check = rollout.Share!;
        if (check.Passed)
        {
            return true;
        }

        if (now < check.Since + verification.Window + verification.For)
        {
            return false;
        }

        if (check is { IsOff: false, Message: not null } && !rollout.Failing.Any(f => f.Effect == nameof(MeasureShare)))
        {
            Record(EventType.WeightVerified, $"The canary's share can't be told: {check.Message}");
            rollout = rollout with { Share = check with { Passed = true } };
            return true;
        }

        Ask(AnalysisSubject.Traffic, QuestionKind.Share, check.Message ?? $"the canary's share could not be measured: {LastFailure()}");
        return false;
    }

    private IEnumerable<Effect> Counting()
    {
        if (Policy.WeightVerification is { } verification
            && rollout.Share is { Passed: false } check
            && check.Revision == rollout.TrafficRevision
            && IsCounted
            && now >= check.NextAt
            && MayTry(nameof(MeasureShare)))
        {
            (PrometheusQuery canary, PrometheusQuery total) = ShareQueries.Of(verification, rollout.Release.Target);
            yield return new MeasureShare(canary, total, rollout.TrafficRevision) { Order = 1 };
        }
    }

    private void Counted(ShareMeasured counted)
    {
        if (Policy.WeightVerification is not { } verification || rollout.Share is not { Passed: false } check || check.Revision != counted.Revision || !IsCounted)
        {
            return;
        }

        Recover(nameof(MeasureShare));
        double weight = (double)rollout.Desired.CanaryWeight / rollout.Release.Target.MaxWeight;
        ShareVerdict verdict = ShareBound.Judge(
            counted.Canary, counted.Total, weight, verification.MinimumRequests, mayExceed: rollout.Desired.HeaderRoutes.Count > 0);
        string message = ShareBound.Describe(counted.Canary, counted.Total, weight, verdict);
        bool isRight = verdict == ShareVerdict.Right;
        if (isRight || (verdict == ShareVerdict.Off && !check.IsOff))
        {
            Record(isRight ? EventType.WeightVerified : EventType.WeightVerifyError, isRight ? $"The weight is verified: {message}" : $"The step is held: {message}");
        }

        rollout = rollout with
        {
            Share = check with { NextAt = now + CountInterval, Passed = isRight, Message = message, IsOff = verdict == ShareVerdict.Off },
        };
        if (isRight && rollout.Question is { Kind: QuestionKind.Share } open)
        {
            CloseQuestion(Questions.QuestionEnding.Withdrawn, "withdrawn: the canary gets its share");
            Record(EventType.QuestionWithdrawn, $"{open.Id} ({open.Kind}) is withdrawn: the canary gets its share");
        }
    }
}
