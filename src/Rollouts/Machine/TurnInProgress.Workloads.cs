using Rollouts.Journal;
using Rollouts.Policy;
using Rollouts.Traffic;
using Rollouts.Workloads;

namespace Rollouts.Machine;

/// <summary>The release's own pods: how many there are to be, and what traffic they allow.</summary>
internal sealed partial class TurnInProgress
{
    private ScalingRules Scaling => rollout.Release.Scaling ?? new ScalingRules();

    private int MaxWeight => rollout.Release.Target.MaxWeight;

    private TrafficSplit Everything => new(MaxWeight, []);

    /// <summary>Which way this attempt goes, once the cluster was looked at.</summary>
    private void BeginWorkload(WorkloadSpec spec)
    {
        WorkloadProgress before = rollout.Workload ?? new WorkloadProgress();
        WorkloadState state = before.State ?? new WorkloadState();
        RolloutCourse course = state.Stable switch
        {
            null => RolloutCourse.First,
            { Revision: { } now } when now == spec.Revision => RolloutCourse.Unchanged,
            _ when state.Former.Take(Scaling.RollbackWindow).Contains(spec.Revision) => RolloutCourse.FastRollback,
            _ => RolloutCourse.Steps,
        };
        rollout = rollout with
        {
            Workload = before with
            {
                Course = course,
                Total = state.Autoscaled ? state.Stable?.Desired ?? 1 : spec.Replicas ?? state.Stable?.Desired ?? 1,
                Asked = TrafficSplit.None,
                Scale = null,
                Promotion = PromotionPhase.ScalingCanary,
                ProgressedAt = now,
                DeadlineExceeded = false,
                Restarting = false,
                RetireAt = null,
            },
        };
        if (state.Autoscaled && Scaling.DynamicStableScale)
        {
            Record(EventType.ScalingReplicaSet, "dynamicStableScale is left out: an autoscaler decides how many stable pods there are");
        }

        if (course == RolloutCourse.Steps || (course == RolloutCourse.First && Policy.FirstDeployment == FirstDeploymentPolicy.Analyse))
        {
            return;
        }

        Record(EventType.SkipSteps, course switch
        {
            RolloutCourse.First => "Initial deploy: there is no stable version yet, so steps and analysis are skipped",
            RolloutCourse.Unchanged => $"Rollback to stable: {spec.Revision} is the stable version already, so steps and analysis are skipped",
            _ => $"Rollback within window: {spec.Revision} was stable at most {Scaling.RollbackWindow} versions ago, so steps and analysis are skipped",
        });
        rollout = rollout with
        {
            StepIndex = rollout.Release.Steps.Count,
            PromotedInFull = true,
            Workload = rollout.Workload with
            {
                Promotion = course == RolloutCourse.FastRollback ? PromotionPhase.ScalingCanary : PromotionPhase.UpdatingStable,
            },
        };
    }

    /// <summary>Asks for traffic: it is written at once for versions that somebody else deploys, and as far as there are pods for it otherwise.</summary>
    private void Seek(TrafficSplit split)
    {
        if (rollout.Workload is not { } workload)
        {
            Want(split);
            return;
        }

        // Without a stable version nobody else could answer, so the canary of a first deployment gets everything as soon as it can take it.
        rollout = rollout with
        {
            Workload = workload with { Asked = workload.Course == RolloutCourse.First ? split with { CanaryWeight = MaxWeight } : split },
        };
        FollowPods();
    }

    /// <summary>The split that the steps ask for so far.</summary>
    private TrafficSplit Sought => rollout.Workload?.Asked ?? rollout.Desired;

    /// <summary>Brings the plan in line with the traffic that is asked for, and the traffic in line with the pods that are there.</summary>
    private void FollowPods()
    {
        if (rollout.Workload is not { } workload)
        {
            return;
        }

        Shape(PlanForSteps(workload));
        Want(Permitted(rollout.Workload));
    }

    private WorkloadPlan PlanForSteps(WorkloadProgress workload)
    {
        // Pods are not taken away before their traffic is.
        int carried = Math.Max(Math.Max(workload.Asked.CanaryWeight, rollout.Desired.CanaryWeight), Weight);
        int canary = rollout.Stage == RolloutStage.Promoting ? workload.Total
            : Math.Max(CanaryReplicas(workload, carried), CarriesTraffic ? 1 : 0);
        return new WorkloadPlan
        {
            Stable = StableForSteps(workload),
            Canary = new CanaryPlan(canary),
            CanaryService = canary > 0 ? WorkloadRole.Canary : WorkloadRole.Stable,
            Experiments = ExperimentPlans,
        };
    }

    private int CanaryReplicas(WorkloadProgress workload, int weight) => workload.Scale switch
    {
        // Argo's floor holds for a number of pods that is asked for only where it sizes both versions.
        { Replicas: { } replicas } => ScalesStable(workload) ? AtLeastTheFloor(workload, replicas) : replicas,
        { Weight: { } fixedWeight } => AtLeastTheFloor(workload, ReplicasFor(workload, fixedWeight)),
        _ => AtLeastTheFloor(workload, Math.Max(ReplicasFor(workload, weight), HasRoutes(workload.Asked) ? Math.Min(1, workload.Total) : 0)),
    };

    private StablePlan StableForSteps(WorkloadProgress workload)
    {
        if (workload.Course == RolloutCourse.First)
        {
            return StablePlan.AsItIs;
        }

        int? replicas = workload.State is { Autoscaled: true } ? null : rollout.Release.Workload!.Replicas;
        if (ScalesStable(workload))
        {
            // As in Argo, a canary that is sized apart from its traffic sizes the stable version, too.
            int canary = rollout.Stage == RolloutStage.Promoting ? workload.Asked.CanaryWeight : workload.Scale switch
            {
                { Replicas: not null } => 0,
                { Weight: { } weight } => weight,
                _ => workload.Asked.CanaryWeight,
            };
            int carried = MaxWeight - Math.Min(canary, Weight);
            replicas = AtLeastTheFloor(workload, ReplicasFor(workload, carried));
        }

        return new StablePlan(StableContent.AsItIs, replicas, workload.RestartedAt);
    }

    private bool ScalesStable(WorkloadProgress workload) => Scaling.DynamicStableScale && workload is { Course: not RolloutCourse.First, State: not { Autoscaled: true } };

    private int ReplicasFor(WorkloadProgress workload, int weight) => (int)(((long)workload.Total * weight + MaxWeight - 1) / MaxWeight);

    private int AtLeastTheFloor(WorkloadProgress workload, int replicas) =>
        replicas == 0 ? 0 : Math.Max(replicas, Math.Min(Scaling.MinPodsPerReplicaSet ?? 0, workload.Total));

    /// <summary>Whether anything may reach the canary now, as far as is known.</summary>
    private bool CarriesTraffic => !rollout.Desired.Equals(TrafficSplit.None) || !(rollout.Applied ?? TrafficSplit.None).Equals(TrafficSplit.None);

    private static bool HasRoutes(TrafficSplit split) => split.HeaderRoutes.Count > 0 || split.MirrorRoutes is not null;

    /// <summary>
    /// What of the asked traffic the pods can take: none without an available canary, no raise before the pods for it are available, and with
    /// <c>dynamicStableScale</c> no return before the stable pods for it are.
    /// </summary>
    private TrafficSplit Permitted(WorkloadProgress workload)
    {
        TrafficSplit asked = workload.Asked;
        bool isToServe = rollout.Stage == RolloutStage.Promoting || CanaryReplicas(workload, asked.CanaryWeight) > 0;
        if (!CanaryServes(workload) || !isToServe)
        {
            return TrafficSplit.None;
        }

        int current = rollout.Desired.CanaryWeight;
        bool mayRaise = rollout.ManualPause is null && CanaryIsReached(workload);
        int weight = asked.CanaryWeight > current ? (mayRaise ? asked.CanaryWeight : current)
            : ScalesStable(workload) ? Math.Min(current, Math.Max(asked.CanaryWeight, LeastWeight(workload)))
            : asked.CanaryWeight;
        return asked with { CanaryWeight = weight };
    }

    /// <summary>With <c>dynamicStableScale</c>: what the stable pods that are available can't take.</summary>
    private int LeastWeight(WorkloadProgress workload)
    {
        int available = workload.State?.Stable?.Available ?? 0;
        return workload.Total == 0 || available >= workload.Total ? 0 : MaxWeight - (int)((long)MaxWeight * available / workload.Total);
    }

    /// <summary>Whether the canary has any pod that the canary Service leads to.</summary>
    private bool CanaryServes(WorkloadProgress workload) =>
        workload.State is { Canary: { Available: > 0, Revision: var revision }, CanaryService: WorkloadRole.Canary }
        && revision == rollout.Release.Workload!.Revision;

    /// <summary>Whether enough of the canary's planned pods are available.</summary>
    private bool CanaryIsReached(WorkloadProgress workload)
    {
        if (workload.AppliedRevision != workload.Revision || workload.Plan.Canary is not { } planned)
        {
            return false;
        }

        int needed = Scaling.ProgressThreshold?.Of(planned.Replicas) ?? planned.Replicas;
        return needed == 0 || (CanaryServes(workload) && workload.State is { Canary: { Observed: true } canary } && canary.Available >= needed);
    }

    private bool StableIsReached(WorkloadProgress workload) =>
        !ScalesStable(workload) || workload.Plan.Stable.Replicas is not { } planned || workload.State?.Stable is { Observed: true } stable && stable.Available >= planned;

    /// <summary>Whether the pods that the steps ask for are there.</summary>
    private bool ArePodsReached => rollout.Workload is not { } workload || (CanaryIsReached(workload) && StableIsReached(workload));
}
