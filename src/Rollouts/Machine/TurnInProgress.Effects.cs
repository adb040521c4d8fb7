using Rollouts.Analysis;
using Rollouts.Policy;
using Rollouts.Steps;

namespace Rollouts.Machine;

internal sealed partial class TurnInProgress
{
    /// <summary>Lists what is to be done and when to look again.</summary>
    public Turn Complete()
    {
        RefreshNotices();
        KeepSmall();
        List<Effect> effects = [.. Routing(), .. Looking(), .. Counting(), .. Shaping(), .. Measuring(), .. Ending(), .. Ledgering(), .. Recording(), .. Notifying()];
        bool answersMoveIt = effects.Exists(e => e is not AppendJournal) || rollout.Stage == RolloutStage.Closing;
        return new Turn(
            rollout,
            effects,
            rollout.IsFinished ? null : effects.Count > 0 && answersMoveIt ? now : WakeAt());
    }

    private IEnumerable<Effect> Routing()
    {
        // Workloads of its own are looked at once nobody else changes them.
        bool inspects = rollout.Stage == RolloutStage.Preparing && !rollout.WorkloadInspected && (rollout.Release.Workload is null || rollout.OwnsTarget);
        if (inspects)
        {
            if (MayTry(nameof(InspectWorkload)))
            {
                yield return new InspectWorkload(rollout.Release.Target) { Workload = rollout.Release.Workload };
            }
        }
        else if (!rollout.OwnsTarget && (rollout.Stage == RolloutStage.Preparing || IsToRestart))
        {
            if (MayTry(nameof(ClaimTarget)))
            {
                rollout = rollout with { ClaimTried = true };
                yield return new ClaimTarget(rollout.Release.Target);
            }
        }
        else if (NeedsRouting && MayTry(nameof(RouteTraffic)))
        {
            yield return new RouteTraffic(rollout.Release.Target, rollout.Desired, rollout.TrafficRevision);
        }
    }

    private bool NeedsRouting =>
        rollout.Stage is RolloutStage.Stepping or RolloutStage.Promoting or RolloutStage.RollingBack && !rollout.IsTrafficSettled;

    private IEnumerable<Effect> Measuring() =>
        from run in RunningAnalyses
        from metric in AnalysisRunner.Due(run, now)
        select new TakeMeasurement(run.Id, metric.Metric, metric.Taken + 1) { Order = 1 };

    private IEnumerable<AnalysisRun> RunningAnalyses => Analyses.Select(RunOf).Append(rollout.Background is null ? rollout.RequestCount : null).OfType<AnalysisRun>().Where(r => !r.IsCompleted);

    private IEnumerable<Effect> Recording()
    {
        if (rollout.Unrecorded.Count > 0 && MayTry(nameof(AppendJournal)))
        {
            yield return new AppendJournal(rollout.Unrecorded) { Order = 1 };
        }
    }

    private IEnumerable<Effect> Ending()
    {
        if (rollout.Stage != RolloutStage.Closing)
        {
            yield break;
        }

        if (OwesTheWorkload || IsToRestart)
        {
            yield break;
        }

        if (rollout.OwnsTarget || rollout.ClaimTried)
        {
            if (MayTry(nameof(ReleaseTarget)))
            {
                yield return new ReleaseTarget(rollout.Release.Target) { Order = 1 };
            }
        }
        else if (rollout.Unrecorded.Count == 0 && !IsLedgerDue && !MustStillTell && MayTry(nameof(CloseJournal)))
        {
            yield return new CloseJournal(rollout.LastDecision) { Order = 2 };
        }
    }

    private bool MayTry(string effect) => !rollout.Failing.Any(f => f.Effect == effect && f.RetryAt > now);

    private DateTimeOffset? WakeAt()
    {
        IEnumerable<DateTimeOffset?> times =
        [
            .. rollout.Failing.Where(f => f.RetryAt > now).Select(f => (DateTimeOffset?)f.RetryAt),
            rollout.Question?.ExpiresAt,
            rollout.ManualPause is { } pause ? PauseExpiresAt(pause) : null,
            MayTry(nameof(ShapeWorkload)) ? NextLook : null,
            rollout.Workload is { RetireAt: { } retires } && rollout.Stage == RolloutStage.Closing ? retires : null,
            rollout.Stage switch
            {
                RolloutStage.Preparing => rollout.AttemptStartedAt + rollout.Release.ProgressDeadline,
                RolloutStage.RollingBack => rollout.DesiredSince + RolloutMachine.RollbackDeadline,
                RolloutStage.Closing => ClosingEndsAt,
                _ when !rollout.IsTrafficSettled => rollout.DesiredSince + rollout.Release.ProgressDeadline,
                _ when rollout.Workload is { } workload && rollout.ManualPause is null && ArePodsAwaited => PodsGivenUpAt(workload),
                _ => null,
            },
            rollout is { Stage: RolloutStage.Stepping, ManualPause: null, StepStartedAt: not null, CurrentStep: PauseStep step } ? PauseEndsAt(step) : null,
            BakeEndsAt > now ? BakeEndsAt : null,
            ExperimentEndsAt > now ? ExperimentEndsAt : null,
            ExperimentIsStarting && rollout.ManualPause is null ? rollout.Workload!.ProgressedAt + rollout.Release.ProgressDeadline : null,
            .. LookTimes(),
            DeadlineAt,
            rollout.Stage == RolloutStage.Stepping && rollout.ScheduleOpensAt > now ? rollout.ScheduleOpensAt : null,
            .. AnalysisTimes(),
            .. NoticeTimes(),
        ];
        return times.Min();
    }

    private IEnumerable<DateTimeOffset?> AnalysisTimes() =>
        Counting(rollout.Background is null ? rollout.RequestCount : null).Concat(Analyses.SelectMany(s => RunOf(s) is { } run ? run.IsCompleted ? VerdictTimes(s, run) : MeasuringTimes(run) : []));

    private static IEnumerable<DateTimeOffset?> Counting(AnalysisRun? run) => run is null ? [] : [AnalysisRunner.NextDue(run)];

    private IEnumerable<DateTimeOffset?> VerdictTimes(AnalysisSubject subject, AnalysisRun run)
    {
        if (IsInconclusiveAsked(subject))
        {
            yield return RepeatsAt(run);
        }
        else if (run.Phase == MeasurementPhase.Inconclusive && rollout.Question?.Subject != subject && InconclusiveSince(subject) is { } since)
        {
            yield return run.CompletedAt + AnalysisRunner.ErrorRetryInterval;
            yield return since + Policy.Inconclusive.For is var end && end > now ? end : null;
        }
    }

    private IEnumerable<DateTimeOffset?> MeasuringTimes(AnalysisRun run)
    {
        yield return AnalysisRunner.NextDue(run);
        foreach (MetricResult metric in run.Metrics)
        {
            DateTimeOffset? patienceEnds = StarvesSince(run, metric) is { } starves
                ? starves + PatienceWith(PolicyFor(StarvationKind(metric), metric))
                : AnalysisRunner.DueAt(run, metric) + SilenceLimit;
            yield return patienceEnds > now ? patienceEnds : null;
        }
    }
}
