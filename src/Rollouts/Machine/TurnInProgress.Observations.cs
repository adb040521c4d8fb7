using Rollouts.Analysis;
using Rollouts.Journal;
using Rollouts.Traffic;
using Rollouts.Workloads;

namespace Rollouts.Machine;

internal sealed partial class TurnInProgress
{
    private static readonly int[] RetrySeconds = [1, 2, 5, 10, 20, 30];

    /// <summary>However long a cluster asks to be left alone, it is asked again after that.</summary>
    private static readonly TimeSpan LongestClusterRest = TimeSpan.FromMinutes(5);

    public void Observe(Observation observation)
    {
        switch (observation)
        {
            case WorkloadInspected { State: { } state } inspected:
                Inspected(inspected, state);
                break;
            case WorkloadInspected inspected when rollout.Release.Workload is null:
                Recover(nameof(InspectWorkload));
                rollout = rollout with
                {
                    WorkloadInspected = true,
                    StableHash = inspected.StableHash,
                    CanaryHash = inspected.CanaryHash,
                };
                break;
            case TargetClaimed claimed when rollout.Stage == RolloutStage.Preparing && !rollout.OwnsTarget:
                Claimed(claimed);
                break;
            case TargetClaimed claimed when IsToRestart && !rollout.OwnsTarget:
                Recover(nameof(ClaimTarget));
                rollout = rollout with { OwnsTarget = true, Applied = claimed.Found, TakenAt = now };
                break;
            case WorkloadShaped shaped:
                Shaped(shaped);
                break;
            case TrafficRouted routed:
                Routed(routed);
                break;
            case TrafficInspected seen:
                Seen(seen);
                break;
            case ShareMeasured counted:
                Counted(counted);
                break;
            case MeasurementTaken taken:
                Measured(taken);
                break;
            case TargetReleased when rollout.Stage == RolloutStage.Closing:
                Recover(nameof(ReleaseTarget));
                rollout = rollout with { OwnsTarget = false, ClaimTried = false };
                break;
            case JournalAppended appended:
                Recover(nameof(AppendJournal));
                rollout = rollout with { Unrecorded = [.. rollout.Unrecorded.Where(e => e.Number > appended.UpTo)] };
                break;
            case JournalClosed { Closed: true } when rollout.Stage == RolloutStage.Closing && rollout.Unrecorded.Count == 0:
                rollout = rollout with { Stage = RolloutStage.Finished, Failing = [], Notices = [] };
                break;
            case JournalClosed { Closed: false }:
                Fail(nameof(CloseJournal), FailureKind.Transient, "a decision is unread", tell: false);
                break;
            case Notified notified:
                Shown(notified);
                break;
            case EffectFailed { Effect: Notify notify } failed:
                NotShown(notify.Post, failed);
                break;
            case LedgerRecorded recorded:
                Ledgered(recorded);
                break;
            case EffectFailed failed:
                Failed(failed);
                break;
        }
    }

    private void Inspected(WorkloadInspected inspected, WorkloadState state)
    {
        if (rollout.Stage != RolloutStage.Preparing || rollout.WorkloadInspected)
        {
            return;
        }

        Recover(nameof(InspectWorkload));
        rollout = rollout with
        {
            WorkloadInspected = true,
            StableHash = inspected.StableHash,
            CanaryHash = inspected.CanaryHash,
            Workload = (rollout.Workload ?? new WorkloadProgress()) with { State = state, SeenAt = now },
        };
    }

    private void Claimed(TargetClaimed claimed)
    {
        TrafficSplit found = claimed.Found;
        Recover(nameof(ClaimTarget));
        bool isNews = !rollout.OwnsTarget;
        rollout = rollout with { OwnsTarget = true, Applied = found, TakenAt = now, TrafficSeenAt = now };
        if (isNews && claimed.TakenFrom is { } former)
        {
            Record(EventType.TargetTakenOver, $"The target is taken over from {former}, which has not been heard of for {GoDuration.Format(RolloutMachine.LeaseTerm)}; it left {found}");
        }

        // What somebody left on its way is taken back. All traffic may be a version that was promoted, and the former one gone.
        bool isLeftOnItsWay = claimed.TakenFrom is not null && found.CanaryWeight < rollout.Release.Target.MaxWeight;
        if (found.CanaryWeight > 0 && rollout.TrafficRevision == 0 && !isLeftOnItsWay)
        {
            End(
                RolloutOutcome.Invalid,
                EventType.RolloutInvalid,
                $"the canary of {rollout.Release.Target} already has weight {found.CanaryWeight}, left by an earlier rollout: "
                + "bring the stable service to that version, set the canary's weight to 0, and start again");
            return;
        }

        if (!found.Equals(TrafficSplit.None) || rollout.TrafficRevision > 0)
        {
            Want(TrafficSplit.None, evenIfUnchanged: true);
        }
    }

    private void Routed(TrafficRouted routed)
    {
        TrafficSplit? before = rollout.Applied;
        rollout = rollout with { Applied = routed.Split };
        if (before is not null && before.CanaryWeight != routed.Split.CanaryWeight)
        {
            Record(EventType.TrafficWeightUpdated, $"Traffic weight updated from {before.CanaryWeight} to {routed.Split.CanaryWeight}");
        }

        if (before is not null)
        {
            RecordRoutes(before, routed.Split);
        }

        if (routed.Revision != rollout.TrafficRevision)
        {
            return;
        }

        if (routed.Split.Equals(rollout.Desired))
        {
            rollout = rollout with { AppliedRevision = routed.Revision, TrafficSeenAt = now };
            Recover(nameof(RouteTraffic));
        }
        else
        {
            Fail(nameof(RouteTraffic), FailureKind.Transient, $"wrote {rollout.Desired}, read back {routed.Split}");
        }
    }

    private void Measured(MeasurementTaken taken)
    {
        if (Counted(taken))
        {
            return;
        }

        AnalysisSubject[] measured = [.. Analyses.Where(s => RunOf(s)?.Id == taken.Run)];
        if (measured is not [var subject] || RunOf(subject) is not { } run)
        {
            return;
        }

        AnalysisRun after = AnalysisRunner.Record(run, taken.Metric, taken.Number, taken.Measurement, Rules);
        if (ReferenceEquals(after, run))
        {
            return;
        }

        Keep(subject, after);
        Measurement measurement = after.Metrics.First(m => m.Metric.Name == taken.Metric).Measurements[^1];
        Record(
            EventType.Measured,
            $"{taken.Metric} = {measurement.Value ?? "(no value)"}: {measurement.Phase}{(measurement.Message is { } why ? $" ({why})" : "")}",
            metric: taken.Metric,
            value: measurement.Value);
    }

    private void Failed(EffectFailed failed)
    {
        string effect = failed.Effect.GetType().Name;
        bool outOfDate = failed.Effect switch
        {
            RouteTraffic route => route.Revision != rollout.TrafficRevision,
            ClaimTarget when IsToRestart => false,
            InspectTraffic => !IsHolding,
            MeasureShare share => !IsCurrent(share.Revision),
            ClaimTarget or InspectWorkload => rollout.Stage != RolloutStage.Preparing,
            ShapeWorkload shape => rollout.Workload is not { } workload || shape.Revision != workload.Revision || NextLook is null,
            ReleaseTarget or RecordLedger or CloseJournal => rollout.Stage != RolloutStage.Closing,
            _ => false,
        };
        if (outOfDate)
        {
            return;
        }

        if (failed is { Effect: ClaimTarget, Kind: FailureKind.Owned } && IsToRestart)
        {
            rollout = rollout with { ClaimTried = false, Workload = rollout.Workload! with { Restarting = false } };
            Record(EventType.EffectFailing, $"The stable pods are not restarted: {failed.Message}");
            return;
        }

        // The one that makes way gives the target free as soon as it can.
        if (failed is { Effect: ClaimTarget, Kind: FailureKind.Owned } && rollout.Supersedes is not null)
        {
            Fail(effect, failed.Kind, failed.Message, asked: failed.RetryAfter);
            return;
        }

        if (failed is { Effect: ShapeWorkload } && FailedToShape(failed))
        {
            return;
        }

        if (failed is { Effect: ClaimTarget or InspectWorkload, Kind: FailureKind.Owned or FailureKind.Invalid or FailureKind.NotFound })
        {
            if (failed.Kind == FailureKind.Owned)
            {
                rollout = rollout with { ClaimTried = false };
            }

            End(RolloutOutcome.Invalid, EventType.RolloutInvalid, failed.Message);
            return;
        }

        if (failed is { Effect: InspectTraffic, Kind: FailureKind.Owned } && rollout.Stage == RolloutStage.Closing)
        {
            rollout = rollout with { OwnsTarget = false, ClaimTried = false };
            return;
        }

        if (failed is { Effect: RouteTraffic or InspectTraffic, Kind: FailureKind.Owned })
        {
            rollout = rollout with { OwnsTarget = false, ClaimTried = false };
            End(RolloutOutcome.Aborted, EventType.RolloutAborted, $"the target was taken over: {failed.Message}");
            return;
        }

        // Taking the traffic away from the canary waits for nobody's convenience.
        bool withdraws = failed.Effect is RouteTraffic { Split: var split } && split.Equals(TrafficSplit.None);
        Fail(effect, failed.Kind, failed.Message, asked: withdraws ? null : failed.RetryAfter);
    }

    private void Fail(string effect, FailureKind kind, string message, bool tell = true, TimeSpan? asked = null)
    {
        FailingEffect? before = rollout.Failing.FirstOrDefault(f => f.Effect == effect);
        int attempts = (before?.Attempts ?? 0) + 1;
        int seconds = kind == FailureKind.Forbidden ? RetrySeconds[^1] : RetrySeconds[Math.Min(attempts, RetrySeconds.Length) - 1];
        if (asked is { } rest)
        {
            seconds = Math.Max(seconds, (int)Math.Ceiling((rest < LongestClusterRest ? rest : LongestClusterRest).TotalSeconds));
        }

        FailingEffect failing = new(effect, attempts, before?.Since ?? now, now.AddSeconds(seconds), message);
        rollout = rollout with { Failing = [.. Without(effect), failing] };
        if (tell && before?.Message != message)
        {
            Record(EventType.EffectFailing, $"{effect} failed, trying again in {seconds} s: {message}");
        }
    }

    private void Recover(string effect)
    {
        if (rollout.Failing.FirstOrDefault(f => f.Effect == effect) is not { } failing)
        {
            return;
        }

        rollout = rollout with { Failing = Without(effect) };
        Record(EventType.EffectRecovered, $"{effect} works again after {failing.Attempts} failures");
    }
}
