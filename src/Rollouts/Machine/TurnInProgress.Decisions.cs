using Rollouts.Journal;
using Rollouts.Questions;

namespace Rollouts.Machine;

internal sealed partial class TurnInProgress
{
    public void Decide(DecisionRead read)
    {
        if (read.Sequence <= rollout.LastDecision)
        {
            return;
        }

        (Question? asked, int attempt) = (rollout.Question, rollout.Attempt);
        rollout = rollout with { LastDecision = read.Sequence };
        string? refusal = read.Decision.Refused ?? rollout.Stage switch
        {
            RolloutStage.Closing or RolloutStage.Finished => DecideAfterTheEnd(read),
            RolloutStage.RollingBack when read.Decision.Command == Command.Supersede => MakeWay(read),
            RolloutStage.RollingBack => $"it is being rolled back: {rollout.Message}",
            _ => DecideUnderWay(read),
        };
        if (refusal is not null)
        {
            Record(EventType.DecisionRejected, $"{CommandName.Of(read.Decision.Command)} by {read.Decision.By} rejected: {refusal}", read);
        }
        else if (read.Decision.Command != Command.Supersede)
        {
            CountDecision(read.Decision, asked, attempt);
        }
    }

    private string? DecideAfterTheEnd(DecisionRead read)
    {
        switch (read.Decision.Command)
        {
            case Command.Restart when RolloutMachine.Reopens(rollout, Command.Restart):
                return IsApproved(read, out string? refusal) ? Restart(read) : refusal;
            case Command.Supersede when rollout.Stage == RolloutStage.Closing:
                return MakeWay(read);
            case Command.Retry when RolloutMachine.Reopens(rollout, Command.Retry):
                return Retry(read);
            default:
                return $"already finished: {rollout.Outcome}, {rollout.Message}";
        }
    }

    private string? Retry(DecisionRead read)
    {
        int step = read.Decision.FromStep ?? 0;
        if (step < 0 || step > Math.Min(rollout.StepIndex, Math.Max(0, rollout.Release.Steps.Count - 1)))
        {
            return $"step {step} can't be retried: the rollout ended at step {rollout.StepIndex}, counted from 0";
        }

        if (!IsApproved(read, out string? refusal))
        {
            return refusal;
        }

        rollout = rollout with
        {
            Attempt = rollout.Attempt + 1,
            AttemptStartedAt = now,
            FinishedAt = null,
            Stage = RolloutStage.Preparing,
            StepIndex = step,
            StepStartedAt = null,
            WorkloadInspected = false,
            OwnsTarget = false,
            TakenAt = null,
            MakesWay = false,
            Supersedes = null,
            Applied = null,
            Drift = null,
            LookWantedSince = null,
            Share = null,
            Analysis = null,
            Background = null,
            BackgroundInconclusiveSince = null,
            BakeStartedAt = null,
            RequestCount = null,
            ScheduleOpensAt = null,
            ScheduleOverruled = null,
            ReplayDue = false,
            PromotedInFull = false,
            FailedTemplates = null,
            Outcome = null,
            Message = "",
            DesiredSince = now,
            Failing = [],
        };
        Record(EventType.RolloutRetry, $"Retry by {read.Decision.By}{Because(read)}: attempt {rollout.Attempt} begins at step {step}", read);
        return null;
    }

    /// <summary>Leaves out the delays of what is left to do.</summary>
    private string? MakeWay(DecisionRead read)
    {
        Apply(read, "what is left is done without delay");
        rollout = rollout with
        {
            MakesWay = true,
            Workload = rollout.Workload is { } workload ? workload with { RetireAt = workload.RetireAt is null ? null : now, Restarting = false } : null,
        };
        return null;
    }

    private string? DecideUnderWay(DecisionRead read)
    {
        if (read.Decision.Command == Command.Supersede)
        {
            Apply(read, "ends for a newer release");
            rollout = rollout with { MakesWay = true };
            BeginRollback(RolloutOutcome.Superseded, $"superseded by {read.Decision.By}{Because(read)}", read);
            return null;
        }

        if (read.Decision.Question is { } asked && asked != rollout.Question?.Id)
        {
            return rollout.LastQuestion is { } last && last.Id == asked ? $"{asked} was {last}" : $"question {asked} is not open any more";
        }

        if (!IsApproved(read, out string? refusal))
        {
            return refusal;
        }

        switch (read.Decision.Command)
        {
            case Command.Abort:
                Apply(read, "rolls back");
                CloseQuestion(QuestionEnding.Aborted, $"rolled back by {read.Decision.By}{Because(read)}", read.Decision.By);
                BeginRollback(RolloutOutcome.Aborted, $"aborted by {read.Decision.By}{Because(read)}", read);
                return null;
            case Command.PromoteFull:
                Apply(read, "skips all that is left and gives the canary everything");
                CloseQuestion(QuestionEnding.Promoted, $"promoted to full weight by {read.Decision.By}{Because(read)}", read.Decision.By);
                EndWatching();
                rollout = rollout with
                {
                    StepIndex = rollout.Release.Steps.Count,
                    StepStartedAt = null,
                    ManualPause = null,
                    Analysis = null,
                    PromotedInFull = true,
                };
                return null;
            case Command.Restart:
                return Restart(read);
            case Command.Promote:
                return Promote(read);
            case Command.Pause when rollout.ManualPause is { } pause:
                return $"already paused by {pause.By}";
            case Command.Pause:
                rollout = rollout with { ManualPause = new ManualPause(read.Decision.By, now) };
                Record(EventType.RolloutPaused, $"manually paused by {read.Decision.By}{Because(read)}", read);
                return null;
            case Command.Resume when rollout.ManualPause is null:
                return rollout.Question is { } open
                    ? $"not paused by hand; promote answers question {open.Id}"
                    : "not paused by hand";
            case Command.Resume:
                rollout = rollout with { ManualPause = null };
                Record(EventType.RolloutResumed, $"resumed by {read.Decision.By}{Because(read)}", read);
                return null;
            default:
                return "it is under way; only an aborted or rolled-back rollout can be retried";
        }
    }

    /// <summary>As <c>kubectl argo rollouts promote</c>: ends a pause by hand, answers what is asked, or skips the step under way.</summary>
    private string? Promote(DecisionRead read)
    {
        if (rollout.Question is { Subject: not AnalysisSubject.Step } beside)
        {
            Apply(read, $"answers {beside.Id} ({beside.Kind}) and goes on");
            CloseQuestion(QuestionEnding.Promoted, $"promoted by {read.Decision.By}{Because(read)}", read.Decision.By);
            rollout = rollout with { ManualPause = null };
            Answer(beside, read.Decision.By);
            return null;
        }

        if (rollout is { Stage: RolloutStage.Stepping, ScheduleOpensAt: not null })
        {
            Apply(read, "raises the weight outside of the schedule");
            rollout = rollout with { ManualPause = null, ScheduleOpensAt = null, ScheduleOverruled = rollout.StepIndex };
            return null;
        }

        if (rollout is { Stage: RolloutStage.Stepping, ReplayDue: true })
        {
            Apply(read, $"goes on to step {rollout.StepIndex + 1}");
            rollout = rollout with { ManualPause = null };
            return null;
        }

        if (rollout is { Stage: RolloutStage.Promoting, BakeStartedAt: not null, PromotedInFull: false })
        {
            Apply(read, "ends the bake time");
            rollout = rollout with { ManualPause = null, PromotedInFull = true };
            return null;
        }

        if (rollout.Stage != RolloutStage.Stepping || rollout.CurrentStep is not { } step)
        {
            return rollout.Stage == RolloutStage.Preparing ? "the first step has not begun" : "no step is left to promote";
        }

        Apply(read, rollout.Question is { } open ? $"answers {open.Id} ({open.Kind}) and goes on" : $"skips step {rollout.StepIndex + 1} ({step.Title})");
        CloseQuestion(QuestionEnding.Promoted, $"promoted by {read.Decision.By}{Because(read)}", read.Decision.By);
        rollout = rollout with { ManualPause = null };
        CompleteStep(by: read.Decision.By);
        return null;
    }

    private void Apply(DecisionRead read, string what) =>
        Record(EventType.DecisionApplied, $"{CommandName.Of(read.Decision.Command)} by {read.Decision.By}{Because(read)}: {what}", read);

    private static string Because(DecisionRead read) => read.Decision.Reason is { Length: > 0 } reason ? $" ({reason})" : "";
}
