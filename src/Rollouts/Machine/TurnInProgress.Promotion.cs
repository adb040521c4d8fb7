using Rollouts.Journal;
using Rollouts.Traffic;
using Rollouts.Workloads;

namespace Rollouts.Machine;

/// <summary>
/// From the last step to the end of a release's own workload. The canary gets pods for everybody and all traffic; then the stable Deployment is updated
/// behind it; when that is complete, traffic goes back to it. Until then nothing takes the canary's traffic or pods away while it is the only version that
/// is known to be healthy: an abort in that time puts the stable Deployment back first.
/// </summary>
internal sealed partial class TurnInProgress
{
    private bool PromoteWorkload()
    {
        WorkloadProgress workload = rollout.Workload!;
        switch (workload.Promotion)
        {
            case PromotionPhase.ScalingCanary:
                FollowPods();
                return CanaryIsReached(rollout.Workload!)
                    ? !IsHeld && Enter(workload.Total == 0 ? PromotionPhase.UpdatingStable : PromotionPhase.Shifting)
                    : AwaitPods("the canary's pods for all traffic");
            case PromotionPhase.UpdatingStable:
                return UpdateStable(workload);
            default:
                return Return(workload);
        }
    }

    /// <summary>All traffic is to be on the canary.</summary>
    private bool Shift()
    {
        Seek(Everything);
        if (!rollout.IsTrafficSettled)
        {
            return GiveUpOnTraffic();
        }

        if (!rollout.Desired.Equals(Everything))
        {
            return AwaitPods("the canary's pods for all traffic");
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
        return Enter(PromotionPhase.UpdatingStable);
    }

    private bool UpdateStable(WorkloadProgress workload)
    {
        // What an earlier attempt may have left to a canary is taken back before its pods are.
        if (workload.Asked.CanaryWeight < MaxWeight && !rollout.IsTrafficSettled)
        {
            return GiveUpOnTraffic();
        }

        Shape(PlanForPromotion(workload));
        workload = rollout.Workload!;
        bool complete = workload.AppliedRevision == workload.Revision && IsComplete(workload, rollout.Release.Workload!.Revision);
        if (!complete && IsHealthier(workload))
        {
            // The canary is gone, and of the stable Deployment some pods answer: they are what users have.
            Want(TrafficSplit.None);
        }

        return complete ? rollout.ManualPause is null && Enter(PromotionPhase.Returning) : AwaitPods("the stable version's pods");
    }

    private bool Enter(PromotionPhase phase)
    {
        rollout = rollout with { Workload = rollout.Workload! with { Promotion = phase } };
        if (phase == PromotionPhase.UpdatingStable)
        {
            Record(EventType.StableUpdating, $"The stable version is updated to {rollout.Release.Workload!.Revision}");
        }
        else if (phase == PromotionPhase.Returning)
        {
            int left = ReturnWeight(rollout.Workload!);
            string inSteps = left > 0
                ? $"; traffic returns in steps, because its autoscaler has left it {rollout.Workload!.State?.Stable?.Available ?? 0} of {rollout.Workload.Total} pods"
                : "";
            Record(EventType.StableUpdated, $"The stable version is {rollout.Release.Workload!.Revision} and ready{inSteps}");
            Want(new TrafficSplit(left, []));
        }

        return true;
    }

    private WorkloadPlan PlanForPromotion(WorkloadProgress workload)
    {
        bool viaCanary = workload.Asked.CanaryWeight == MaxWeight;
        return new WorkloadPlan
        {
            Stable = new StablePlan(StableContent.Release, StableReplicas(workload), workload.RestartedAt),
            Canary = viaCanary ? new CanaryPlan(workload.Total) : null,
            CanaryService = viaCanary ? WorkloadRole.Canary : WorkloadRole.Stable,
            ReferenceReplicas = rollout.Release.Workload!.Reference is { ScaleDown: ReferenceScaleDown.Progressively }
                ? Math.Max(0, workload.Total - (workload.State?.Stable?.Available ?? 0))
                : null,
        };
    }

    /// <summary>How many pods the stable Deployment has once it is the only one; null leaves it to an autoscaler, or to what it has.</summary>
    private int? StableReplicas(WorkloadProgress workload) =>
        workload.State is { Autoscaled: true } ? null : ScalesStable(workload) ? workload.Total : rollout.Release.Workload!.Replicas;

    private static bool IsComplete(WorkloadProgress workload, string? revision) =>
        workload.State?.Stable is { IsComplete: true } stable && stable.Revision == revision;

    private bool IsHealthier(WorkloadProgress workload) =>
        workload.AppliedRevision == workload.Revision && !CanaryServes(workload) && workload.State is { Stable.Available: > 0 };

    /// <summary>Whether the stable Deployment has been, or is being, written in this attempt, so that "stable untouched" can't be said any more.</summary>
    private bool StableIsTouched =>
        rollout is { Stage: RolloutStage.Promoting, Workload: { Course: RolloutCourse.Steps or RolloutCourse.FastRollback, Promotion: >= PromotionPhase.UpdatingStable } };

    /// <summary>
    /// The version that the stable Deployment has to be ready in before an abort takes the canary's traffic: the former one, or the release where the
    /// Deployment's former version is not known by any revision.
    /// </summary>
    private string? WayBack => rollout.StableHash ?? rollout.Release.Workload?.Revision;

    /// <summary>Whether a rollback takes more than one write: the stable version has to be able to take the traffic first.</summary>
    private bool ReturnsByAndBy(WorkloadProgress workload) => workload.PuttingBack || ScalesStable(workload);

    /// <summary>The split that a rollback writes now: nothing for the canary, or as much as the stable version can't take yet.</summary>
    private TrafficSplit RollbackSplit()
    {
        if (rollout.Workload is not { } workload || !ReturnsByAndBy(workload) || !CanaryServes(workload))
        {
            return TrafficSplit.None;
        }

        if (workload.PuttingBack)
        {
            bool back = workload.AppliedRevision == workload.Revision && IsComplete(workload, WayBack);
            return new TrafficSplit(back ? ReturnWeight(workload) : rollout.Desired.CanaryWeight, []);
        }

        return now >= workload.ProgressedAt + rollout.Release.ProgressDeadline
            ? TrafficSplit.None
            : new TrafficSplit(Math.Min(rollout.Desired.CanaryWeight, LeastWeight(workload)), []);
    }

    /// <summary>Plans the stable version's return where a rollback goes by and by.</summary>
    private void PlanTheWayBack()
    {
        if (rollout.Workload is not { Revision: > 0 } workload || !ReturnsByAndBy(workload))
        {
            return;
        }

        Shape(workload.Plan with
        {
            Stable = workload.PuttingBack
                ? rollout.StableHash is null
                    ? workload.Plan.Stable
                    : new StablePlan(StableContent.Former, StableReplicas(workload)) { Revision = rollout.StableHash }
                : new StablePlan(StableContent.AsItIs, StableReplicas(workload), workload.RestartedAt),
            Experiments = [],
        });
    }
}
