using Rollouts.Journal;
using Rollouts.Policy;
using Rollouts.Questions;
using Rollouts.Steps;
using Rollouts.Traffic;

namespace Rollouts.Machine;

internal sealed partial class TurnInProgress
{
    /// <summary>Goes as far as the rollout can without waiting.</summary>
    public void Walk()
    {
        while (WalkOnce())
        {
        }
    }

    private bool WalkOnce() => PassDeadline() || rollout.Stage switch
    {
        RolloutStage.Preparing => Prepare(),
        RolloutStage.Stepping => ExpirePause() || WalkDrift() || WalkBackground() || Step(),
        RolloutStage.Promoting => ExpirePause() || WalkDrift() || WalkBackground() || PromoteFully(),
        RolloutStage.RollingBack => RollBack(),
        RolloutStage.Closing => Close(),
        _ => false,
    };

    private bool Prepare()
    {
        if (rollout is { OwnsTarget: true, WorkloadInspected: true })
        {
            rollout = rollout with { Stage = RolloutStage.Stepping };
            if (rollout.Release.Workload is { } spec)
            {
                BeginWorkload(spec);
            }

            rollout = rollout with { ReplayDue = true };
            _ = AwaitsReplay();
            return true;
        }

        if (now < rollout.AttemptStartedAt + rollout.Release.ProgressDeadline)
        {
            return false;
        }

        BeginRollback(RolloutOutcome.Aborted, $"could not begin within {GoDuration.Format(rollout.Release.ProgressDeadline)}: {LastFailure()}");
        return true;
    }

    private bool Step()
    {
        if (rollout.CurrentStep is not { } step)
        {
            if (IsHeld || LooksFirst() || WaitsForSchedule(null))
            {
                return false;
            }

            rollout = rollout with { Stage = RolloutStage.Promoting };
            if (rollout.Workload is null)
            {
                Want(Everything);
            }

            return true;
        }

        bool begins = !AwaitsReplay();
        FollowPods();

        if (!rollout.IsTrafficSettled)
        {
            return GiveUpOnTraffic();
        }

        if (!begins)
        {
            return false;
        }

        if (rollout.StepStartedAt is null)
        {
            if (IsHeld || (step is SetWeightStep or SetHeaderRouteStep or SetMirrorRouteStep && LooksFirst()) || WaitsForSchedule(step))
            {
                return false;
            }

            if (!ArePodsReached)
            {
                return AwaitPods("the canary's pods");
            }

            rollout = rollout with { StepStartedAt = now };
            BeginStep(step);
            return true;
        }

        return step switch
        {
            AnalysisStep => WalkAnalysis(AnalysisSubject.Step),
            ExperimentStep experiment when rollout.Workload is not null => WalkExperiment(experiment),
            PauseStep pause => ExpireQuestion(AnalysisSubject.Step) || (now >= PauseEndsAt(pause) && CompleteStep()),
            SetWeightStep when ArePodsReached => ShareIsRight() && CompleteStep(),
            _ => ArePodsReached ? CompleteStep() : AwaitPods("the canary's pods"),
        };
    }

    /// <summary>Whether no further step may begin.</summary>
    private bool IsHeld => rollout.ManualPause is not null || BackgroundHolds || rollout.Drift is not null;

    private void BeginStep(Step step)
    {
        switch (step)
        {
            case SetWeightStep set:
                Seek(Sought with { CanaryWeight = set.Weight });
                break;
            case SetHeaderRouteStep set:
                Seek(With(Sought, set));
                break;
            case SetMirrorRouteStep set:
                Seek(With(Sought, set));
                break;
            case SetCanaryScaleStep set when rollout.Workload is { } workload:
                rollout = rollout with { Workload = workload with { Scale = set } };
                FollowPods();
                break;
            case ExperimentStep when rollout.Workload is { } workload:
                rollout = rollout with { Workload = workload with { ExperimentUpAt = null }, Analysis = null };
                FollowPods();
                break;
            case PauseStep { Duration: { } duration }:
                Record(EventType.RolloutPaused, $"CanaryPauseStep: {GoDuration.Format(duration)}");
                break;
            case PauseStep:
                Record(EventType.RolloutPaused, "CanaryPauseStep: until a person decides");
                AskForPause();
                break;
            case AnalysisStep:
                StartRun(AnalysisSubject.Step);
                break;
        }
    }

    /// <summary>
    /// Asks for what the steps before the current one ask for: none in a rollout that begins at step 0. Whether it has to wait instead, as every step does that
    /// raises the weight.
    /// </summary>
    private bool AwaitsReplay()
    {
        if (!rollout.ReplayDue)
        {
            return false;
        }

        (TrafficSplit split, SetCanaryScaleStep? scale) = Replayed();
        bool isFirst = rollout.Workload is { Course: RolloutCourse.First };
        if (!isFirst && rollout.StepIndex > 0 && (IsHeld || (rollout.IsTrafficSettled && LooksFirst()) || WaitsForSchedule(split.CanaryWeight)))
        {
            return true;
        }

        // Who has overruled the schedule for this has not done so for the step itself.
        rollout = rollout with { ReplayDue = false, ScheduleOverruled = null };
        if (rollout.Workload is { } workload)
        {
            rollout = rollout with { Workload = workload with { Scale = scale } };
        }

        if (rollout.StepIndex > 0 || isFirst)
        {
            Seek(split);
        }

        return false;
    }

    private (TrafficSplit Split, SetCanaryScaleStep? Scale) Replayed()
    {
        TrafficSplit split = TrafficSplit.None;
        SetCanaryScaleStep? scale = null;
        foreach (Step step in rollout.CurrentStep is null ? [] : rollout.Release.Steps.Take(rollout.StepIndex))
        {
            (split, scale) = step switch
            {
                SetWeightStep set => (split with { CanaryWeight = set.Weight }, scale),
                SetHeaderRouteStep set => (With(split, set), scale),
                SetMirrorRouteStep set => (With(split, set), scale),
                SetCanaryScaleStep set => (split, set),
                _ => (split, scale),
            };
        }

        return (split, scale);
    }

    private DateTimeOffset? PauseEndsAt(PauseStep pause) => rollout.StepStartedAt + pause.Duration;

    private bool CompleteStep(string? by = null)
    {
        if (by is null && rollout.ManualPause is not null)
        {
            return false;
        }

        if (rollout.CurrentStep is PauseStep)
        {
            Record(EventType.RolloutResumed, by is null ? "The pause is over" : $"The pause was ended by {by}", by: by);
        }

        Record(EventType.RolloutStepCompleted, $"Rollout step {rollout.StepIndex + 1}/{rollout.Release.Steps.Count} completed ({rollout.CurrentStep!.Title})");
        if (rollout.Question is { Subject: AnalysisSubject.Step })
        {
            CloseQuestion(QuestionEnding.Superseded, "closed, because the step is over");
        }

        rollout = rollout with { StepIndex = rollout.StepIndex + 1, StepStartedAt = null, InconclusiveSince = null };
        return true;
    }

    private bool PromoteFully()
    {
        if (rollout.Workload is { Promotion: PromotionPhase.Shifting })
        {
            return Shift();
        }

        if (rollout.Workload is not null)
        {
            return PromoteWorkload();
        }

        if (!rollout.IsTrafficSettled)
        {
            return GiveUpOnTraffic();
        }

        if (rollout.ManualPause is not null)
        {
            return false;
        }

        if (Bake() is { } changed)
        {
            return changed;
        }

        EndWatching();
        End(
            RolloutOutcome.Promoted,
            EventType.RolloutCompleted,
            $"Rollout completed: the canary has weight {rollout.Desired.CanaryWeight} of {rollout.Release.Target.MaxWeight}");
        return true;
    }

    private bool GiveUpOnTraffic()
    {
        if (now < rollout.DesiredSince + rollout.Release.ProgressDeadline)
        {
            return false;
        }

        BeginRollback(
            RolloutOutcome.Aborted,
            $"{rollout.Desired} did not reach the cluster within {GoDuration.Format(rollout.Release.ProgressDeadline)}: {LastFailure()}");
        return true;
    }

    private bool RollBack()
    {
        PlanTheWayBack();
        Want(RollbackSplit());
        bool untouched = !rollout.OwnsTarget;
        bool late = now >= rollout.DesiredSince + RolloutMachine.RollbackDeadline;
        if (late && rollout.Workload is { PuttingBack: false } && !rollout.Desired.Equals(TrafficSplit.None))
        {
            Want(TrafficSplit.None);
            return false;
        }

        bool isBack = rollout.IsTrafficSettled && rollout.Desired.Equals(TrafficSplit.None);
        if (!untouched && !isBack && !late)
        {
            return false;
        }

        string message = rollout.Workload is { PuttingBack: true } && !untouched && !isBack
            ? $"The stable version is not ready in {WayBack} after {GoDuration.Format(RolloutMachine.RollbackDeadline)}; the canary keeps its traffic, "
                + "because it is the only version that is known to be healthy: bring the stable version up, then set the canary's weight to 0"
            : untouched || isBack
            ? $"Rollout ended {rollout.Ending}, the canary has no traffic: {rollout.Message}"
            : $"The canary's weight could not be set to 0 within {GoDuration.Format(RolloutMachine.RollbackDeadline)}, set it by hand: {LastFailure()}";
        string reason = late && !isBack && !untouched ? $"{rollout.Message}; {message}" : rollout.Message;
        End(rollout.Ending ?? RolloutOutcome.Aborted, EventType.RolloutCompleted, message);
        rollout = rollout with { Message = reason };
        return true;
    }

    private bool Close()
    {
        if (Retire() || EndRestart())
        {
            return true;
        }

        if (now < ClosingEndsAt)
        {
            return false;
        }

        rollout = rollout with { Stage = RolloutStage.Finished, Unrecorded = [], Failing = [], Notices = [] };
        return false;
    }

    /// <summary>A pause by hand is open as long as a question is, so that no rollout holds its target for ever.</summary>
    private bool ExpirePause()
    {
        if (rollout.ManualPause is not { } pause || PauseExpiresAt(pause) is not { } expires || now < expires)
        {
            return false;
        }

        if (rollout.Release.Policy.Question.OnExpiry == UnclearAction.Continue)
        {
            rollout = rollout with { ManualPause = null };
            Record(EventType.ContinuedByPolicy, $"the pause by {pause.By} is over: the policy continues after {OpenFor()}");
        }
        else
        {
            BeginRollback(RolloutOutcome.Aborted, $"paused by {pause.By} for longer than {OpenFor()}");
        }

        return true;
    }

    private DateTimeOffset? PauseExpiresAt(ManualPause pause) => pause.At + rollout.Release.Policy.Question.OpenFor;

    private string OpenFor() => GoDuration.Format(rollout.Release.Policy.Question.OpenFor ?? TimeSpan.Zero);

    private string LastFailure() => rollout.Failing.Count > 0 ? rollout.Failing[^1].Message : "no answer";
}
