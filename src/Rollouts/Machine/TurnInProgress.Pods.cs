using Rollouts.Journal;
using Rollouts.Workloads;

namespace Rollouts.Machine;

/// <summary>The release's pods in the cluster: written, looked at and waited for.</summary>
internal sealed partial class TurnInProgress
{
    /// <summary>How often pods that are waited for are looked at.</summary>
    private static readonly TimeSpan LookWhileWaiting = TimeSpan.FromSeconds(3);

    /// <summary>How often pods that carry traffic are looked at, and those that have kept the rollout waiting for longer than its deadline.</summary>
    private static readonly TimeSpan LookWhileServing = TimeSpan.FromSeconds(20);

    private void Shape(WorkloadPlan plan)
    {
        WorkloadProgress workload = rollout.Workload!;
        if (workload.Revision > 0 && plan.Equals(workload.Plan))
        {
            return;
        }

        rollout = rollout with
        {
            Workload = workload with { Plan = plan, Revision = workload.Revision + 1, ProgressedAt = now, DeadlineExceeded = false },
            Failing = Without(nameof(ShapeWorkload)),
        };
        int before = workload.Revision == 0 ? 0 : workload.Plan.Canary?.Replicas ?? 0;
        int after = plan.Canary?.Replicas ?? 0;
        if (before != after && !plan.OnlyStable)
        {
            Record(EventType.ScalingReplicaSet, $"Scaled {(after > before ? "up" : "down")} canary {rollout.Release.Workload!.Revision} from {before} to {after}");
        }
    }

    private void Shaped(WorkloadShaped shaped)
    {
        if (rollout.Workload is not { } workload
            || shaped.Revision > workload.Revision
            || shaped.Revision < (workload.State is null ? workload.Revision : workload.AppliedRevision))
        {
            return;
        }

        Recover(nameof(ShapeWorkload));
        bool progressed = HasProgressed(workload.State?.Canary, shaped.State.Canary) || HasProgressed(workload.State?.Stable, shaped.State.Stable)
            || shaped.State.Experiments.Values.Sum(e => e.Available) > (workload.State?.Experiments.Values.Sum(e => e.Available) ?? 0)
            || (shaped.State.Autoscaled && shaped.State.Stable?.Desired > workload.State?.Stable?.Desired);
        rollout = rollout with
        {
            Workload = workload with
            {
                State = shaped.State,
                SeenAt = now,
                AppliedRevision = shaped.Revision,
                Total = TotalAfter(workload, shaped.State),
                ProgressedAt = progressed ? now : workload.ProgressedAt,
                DeadlineExceeded = workload.DeadlineExceeded && !progressed,
            },
        };
    }

    /// <summary>How many pods all users need, after a look.</summary>
    private int TotalAfter(WorkloadProgress workload, WorkloadState seen)
    {
        if (seen.Stable is not { } stable)
        {
            return workload.Total;
        }

        if (seen.Autoscaled)
        {
            // An autoscaler sees the load of the stable pods only. While the canary has some of it, fewer stable pods say nothing about what all users need.
            bool isShared = rollout.Stage == RolloutStage.Promoting || Math.Max(Math.Max(workload.Asked.CanaryWeight, rollout.Desired.CanaryWeight), Weight) > 0;
            return isShared ? Math.Max(workload.Total, stable.Desired) : stable.Desired;
        }

        return rollout.Release.Workload!.Replicas is null && !Scaling.DynamicStableScale ? stable.Desired : workload.Total;
    }

    /// <summary>What a failure for good means: before anything stands the release is not usable, later the rollout is not.</summary>
    private bool FailedToShape(EffectFailed failed)
    {
        if (failed.Kind == FailureKind.Owned)
        {
            rollout = rollout with { OwnsTarget = false, ClaimTried = false };
            if (rollout.Outcome is null)
            {
                End(RolloutOutcome.Aborted, EventType.RolloutAborted, $"the target was taken over: {failed.Message}");
            }

            return true;
        }

        if (failed.Kind is not (FailureKind.Invalid or FailureKind.NotFound))
        {
            return false;
        }

        if (rollout.Stage == RolloutStage.Closing)
        {
            rollout = rollout with { Workload = rollout.Workload! with { AppliedRevision = rollout.Workload.Revision, RetireAt = null, Restarting = false } };
            Record(EventType.EffectFailing, $"What is left of the rollout's pods stays as it is: {failed.Message}");
            return true;
        }

        if (rollout.Stage is not (RolloutStage.Stepping or RolloutStage.Promoting)
            || StableIsTouched)
        {
            return false;
        }

        BeginRollback(rollout.Workload!.AppliedRevision == 0 ? RolloutOutcome.Invalid : RolloutOutcome.Aborted, failed.Message);
        return true;
    }

    private static bool HasProgressed(PodCounts? before, PodCounts? after) =>
        after is not null && (before is null || after.Available > before.Available || after.Updated > before.Updated || after.Ready > before.Ready);

    /// <summary>Holds the rollout while pods are on their way. The progress deadline counts since they last brought anything new.</summary>
    private bool AwaitPods(string what)
    {
        WorkloadProgress workload = rollout.Workload!;
        DateTimeOffset deadline = workload.ProgressedAt + rollout.Release.ProgressDeadline;
        if (now < deadline || rollout.ManualPause is not null)
        {
            return false;
        }

        string message = $"{what} did not become available within {GoDuration.Format(rollout.Release.ProgressDeadline)}: {PodProblem(workload)}";
        if (Scaling.AbortOnProgressDeadline)
        {
            BeginRollback(RolloutOutcome.Aborted, message);
            return true;
        }

        if (!workload.DeadlineExceeded)
        {
            rollout = rollout with { Message = message, Workload = workload with { DeadlineExceeded = true } };
            Record(EventType.ProgressDeadlineExceeded, $"{message}; the rollout waits on, abort ends it");
            return true;
        }

        if (Policy.Question.OpenFor is not { } patience || now < deadline + patience)
        {
            return false;
        }

        BeginRollback(RolloutOutcome.Aborted, $"{message}, and nobody decided within {OpenFor()}");
        return true;
    }

    private DateTimeOffset? PodsGivenUpAt(WorkloadProgress workload)
    {
        DateTimeOffset deadline = workload.ProgressedAt + rollout.Release.ProgressDeadline;
        return workload.DeadlineExceeded ? deadline + Policy.Question.OpenFor : deadline;
    }

    private string PodProblem(WorkloadProgress workload) => rollout.Failing.FirstOrDefault(f => f.Effect == nameof(ShapeWorkload)) is { } failing
        ? failing.Message
        : Seen("canary", workload.State?.Canary) + Seen("stable", workload.State?.Stable);

    private static string Seen(string role, PodCounts? pods) => pods is null || pods.IsComplete
        ? ""
        : $"{role} {pods.Available} of {pods.Desired} available{(pods.Problem is { } problem ? $", {problem}" : "")} ";

    /// <summary>The workload's effect of this turn: what is planned is to be written, or pods are to be looked at.</summary>
    private IEnumerable<Effect> Shaping()
    {
        if (NextLook is { } look && look <= now && MayTry(nameof(ShapeWorkload)))
        {
            WorkloadProgress workload = rollout.Workload!;
            yield return new ShapeWorkload(rollout.Release.Target, rollout.Release.Workload!, workload.Plan, rollout.TakenAt ?? rollout.AttemptStartedAt, workload.Revision);
        }
    }

    /// <summary>When the workload's objects are to be written or looked at next; null for not at all.</summary>
    private DateTimeOffset? NextLook => rollout.Workload is not { Revision: > 0 } workload || !rollout.OwnsTarget
        ? null
        : rollout.Stage switch
        {
            RolloutStage.Stepping or RolloutStage.Promoting when workload.AppliedRevision != workload.Revision => now,
            RolloutStage.Stepping or RolloutStage.Promoting when ArePodsAwaited && !workload.DeadlineExceeded => workload.SeenAt + LookWhileWaiting,
            RolloutStage.Stepping or RolloutStage.Promoting when ArePodsAwaited => workload.SeenAt + LookWhileServing,
            RolloutStage.Stepping or RolloutStage.Promoting when workload.Plan is { Canary.Replicas: > 0 } or { Experiments.Count: > 0 } => workload.SeenAt + LookWhileServing,
            RolloutStage.RollingBack when !ReturnsByAndBy(workload) => null,
            RolloutStage.RollingBack => workload.AppliedRevision != workload.Revision ? now : workload.SeenAt + LookWhileWaiting,
            RolloutStage.Closing when workload.AppliedRevision != workload.Revision => now,
            RolloutStage.Closing when workload.Restarting => workload.SeenAt + LookWhileWaiting,
            _ => null,
        };

    private bool ArePodsAwaited => rollout.Stage == RolloutStage.Promoting && rollout.Workload is { Promotion: PromotionPhase.UpdatingStable }
        || IsReturning && rollout.Workload is { State.Stable: not { IsComplete: true, Available: > 0 } }
        || rollout.Workload is { Promotion: < PromotionPhase.UpdatingStable } && !ArePodsReached
        || ExperimentIsStarting;
}
