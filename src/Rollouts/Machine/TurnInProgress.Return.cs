using Rollouts.Journal;
using Rollouts.Traffic;
using Rollouts.Workloads;

namespace Rollouts.Machine;

/// <summary>
/// Traffic goes back from the canary to the stable Deployment: at once where that has the pods for it, and in steps where an autoscaler has taken pods away
/// while the canary served.
/// </summary>
/// <remarks>
/// Pods that are written into the Deployment would not help: an autoscaler goes by the highest number that it has found needed in its stabilization window,
/// and that is what the idle pods needed, so it takes the others away within seconds. It brings them back as soon as they have something to do. Each step is
/// a quarter more than what the stable pods carried when they had everything: more than the tenth that an autoscaler lets pass, and not too much for them.
/// </remarks>
internal sealed partial class TurnInProgress
{
    /// <summary>How long an autoscaler may take to answer a step: measured, decided and written. Who has not answered finds the pods enough.</summary>
    private static readonly TimeSpan AutoscalerPatience = TimeSpan.FromMinutes(2);

    private bool IsReturning => rollout is { Stage: RolloutStage.Promoting, Workload.Promotion: PromotionPhase.Returning, Desired.CanaryWeight: > 0 };

    private bool Return(WorkloadProgress workload)
    {
        if (!rollout.IsTrafficSettled)
        {
            return GiveUpOnTraffic();
        }

        if (IsReturning)
        {
            return ReturnMore(workload);
        }

        bool fast = workload.Course == RolloutCourse.FastRollback;
        End(
            fast ? RolloutOutcome.FastRolledBack : RolloutOutcome.Promoted,
            EventType.RolloutCompleted,
            $"Rollout completed: {rollout.Release.Workload!.Revision} is the stable version{(fast ? " again" : "")}, and has all traffic");
        return true;
    }

    private bool ReturnMore(WorkloadProgress workload)
    {
        if (rollout.ManualPause is not null)
        {
            return false;
        }

        Shape(PlanForPromotion(workload));
        int left = ReturnWeight(rollout.Workload!);
        if (left == rollout.Desired.CanaryWeight)
        {
            // Once the autoscaler has had its time a look that shows it is due: without one the progress deadline decides.
            bool isLookDue = now >= rollout.DesiredSince + AutoscalerPatience;
            return (ArePodsAwaited || isLookDue) && AwaitPods("the stable version's pods for all traffic");
        }

        rollout = rollout with { Workload = rollout.Workload! with { ProgressedAt = now, DeadlineExceeded = false } };
        Want(new TrafficSplit(left, []));
        return true;
    }

    /// <summary>The weight that the canary keeps for now, because the stable pods can't take it yet.</summary>
    private int ReturnWeight(WorkloadProgress workload)
    {
        int available = workload.State?.Stable?.Available ?? 0;
        if (workload.State is not { Autoscaled: true } || available >= workload.Total || !CanaryServes(workload))
        {
            return 0;
        }

        int current = rollout.Desired.CanaryWeight;
        if (!rollout.IsTrafficSettled)
        {
            return current;
        }

        int taken = AQuarterMore((long)MaxWeight * available, workload.Total);
        if (current < MaxWeight && workload.State.Stable is { IsComplete: true, Available: > 0 } && workload.SeenAt >= rollout.DesiredSince + AutoscalerPatience)
        {
            taken = Math.Max(taken, AQuarterMore(MaxWeight - current, 1));
        }

        return Math.Clamp(MaxWeight - taken, 0, current);
    }

    /// <summary>A quarter more than a quotient, rounded up.</summary>
    private static int AQuarterMore(long dividend, long divisor) => (int)(((5 * dividend) + (4 * divisor) - 1) / (4 * divisor));
}
