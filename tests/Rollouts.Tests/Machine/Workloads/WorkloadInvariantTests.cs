using System.Text.Json;
using CsCheck;
using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Traffic;
using Rollouts.Workloads;

namespace Rollouts.Tests.Machine.Workloads;

/// <summary>The invariants of the design for releases that deploy their own pods, over random sequences in which pods come and go.</summary>
public sealed class WorkloadInvariantTests
{
    private const long Sequences = 3_000;

    [Fact]
    public void Invariant1_AfterAnAbort_NothingRaisesTheWeightAndStableKeepsItsContent() => Check(world =>
    {
        bool aborted = false;
        int weight = 0;
        foreach (TakenTurn turn in world.Turns)
        {
            Rollout before = turn.Before.Rollout, after = turn.After.Rollout;
            aborted |= before.Stage is RolloutStage.Preparing or RolloutStage.Stepping or RolloutStage.Promoting && after.Stage is RolloutStage.RollingBack;
            aborted &= after.Attempt == before.Attempt;
            foreach (RouteTraffic route in turn.After.Effects.OfType<RouteTraffic>())
            {
                if (aborted && (route.Split.CanaryWeight > weight || route.Split.HeaderRoutes.Count > 0))
                {
                    return false;
                }

                weight = route.Split.CanaryWeight;
            }

            if (aborted && turn.After.Effects.OfType<ShapeWorkload>().Any(s => s.Plan.Stable.Content == StableContent.Release && after.StableHash is not null))
            {
                return false;
            }
        }

        return true;
    });

    [Fact]
    public void Invariant1_Ended_NothingIsLeftToTheCanaryUnlessItIsTheOnlyHealthyCopy() => Check(world => world.Turns.TrueForAll(turn =>
        turn.After.Rollout is not { Outcome: not null, OwnsTarget: true, Desired.CanaryWeight: > 0 } ended
        || ended.Workload!.Plan.OnlyStable
        || ended.Message.Contains("the canary keeps its traffic", StringComparison.Ordinal)));

    [Fact]
    public void Invariant2_BeforeTheStableVersionIsUpdated_EveryAnalysisHasPassed() => Check(world =>
    {
        foreach (TakenTurn turn in world.Turns)
        {
            Rollout after = turn.After.Rollout;
            bool updates = turn.After.Effects.OfType<ShapeWorkload>().Any(s => s.Plan.Stable.Content == StableContent.Release);
            if (updates && after.StepIndex < after.Release.Steps.Count)
            {
                return false;
            }
        }

        return true;
    });

    [Fact]
    public void Invariant3_Promoted_OnlyWithTheStableVersionUpdatedReadyAndServing() => Check(world => world.Turns.TrueForAll(turn =>
        turn.After.Rollout is not { Outcome: RolloutOutcome.Promoted or RolloutOutcome.FastRolledBack } after
        || turn.Before.Rollout.Outcome is not null
        || (after.Workload!.Promotion == PromotionPhase.Returning
            && after.Desired.Equals(TrafficSplit.None)
            && after.IsTrafficSettled
            && world.Turns.TakeWhile(t => t != turn).Append(turn).SelectMany(t => t.Observations).OfType<WorkloadShaped>()
                .Any(s => s.State.Stable is { IsComplete: true, Revision: "v2" }))));

    [Fact]
    public void Invariant4_EveryRollout_EndsOnceItsDeadlinesHavePassed() => Check(world =>
    {
        for (int turns = 0; turns < 5_000 && !world.Turn.Rollout.IsFinished; turns++)
        {
            if (world.Turn.WakeAt is not { } wake)
            {
                return false;
            }

            world.Take([], wake > world.Now ? wake : world.Now.AddMinutes(10));
        }

        return world.Turn.Rollout is { IsFinished: true, Outcome: not null };
    });

    [Fact]
    public void Invariant5_EqualInputs_GiveEqualOutputsThroughStorage() => Check(world => world.Turns.TrueForAll(turn =>
    {
        Turn stored = JsonSerializer.Deserialize(TakenTurn.Json(turn.Before), RolloutJson.Default.Turn)!;
        return TakenTurn.Json(RolloutMachine.Advance(stored.Rollout, turn.Observations, turn.Now)) == TakenTurn.Json(turn.After);
    }));

    [Fact]
    public void Invariant6_StableBeingUpdated_NothingTakesTheCanarysTrafficWhileOnlyItIsHealthy() => Check(world => world.Turns.TrueForAll(turn =>
    {
        Rollout before = turn.Before.Rollout, after = turn.After.Rollout;
        bool window = before.Workload is { Course: not RolloutCourse.First, Promotion: PromotionPhase.UpdatingStable, Asked.CanaryWeight: 100 }
            && (before.Stage == RolloutStage.Promoting || before.Workload.PuttingBack);
        bool takes = after.OwnsTarget && after.Attempt == before.Attempt && after.Desired.CanaryWeight < before.Desired.CanaryWeight;
        return !window || !takes || after.Workload!.State is { } seen
            && (seen.Canary is not { Available: > 0 } || seen.CanaryService != WorkloadRole.Canary || seen.Stable is { IsComplete: true });
    }));

    [Fact]
    public void Invariant6_CanaryWithTraffic_IsNeverPlannedWithoutPods() => Check(world => world.Turns.TrueForAll(turn =>
    {
        Rollout after = turn.After.Rollout;
        bool hasTraffic = after.Desired.CanaryWeight > 0 || after.Applied?.CanaryWeight > 0;
        bool takesPods = turn.Before.Rollout.Workload is { Plan.Canary.Replicas: > 0 }
            && turn.After.Effects.OfType<ShapeWorkload>().Any(s => !s.Plan.OnlyStable && s.Plan.Canary is not { Replicas: > 0 });
        return !hasTraffic || !takesPods;
    }));

    [Fact]
    public void CanaryWithTraffic_WhateverAnAutoscalerDoes_LosesNoPodsBeforeItsTraffic() => Check(world => world.Turns.TrueForAll(turn =>
    {
        Rollout before = turn.Before.Rollout, after = turn.After.Rollout;
        bool keepsTraffic = before is { Applied.CanaryWeight: > 0, Workload.Plan.Canary: not null, Stage: RolloutStage.Stepping or RolloutStage.Promoting }
            && after.Stage == before.Stage && after.Attempt == before.Attempt
            && after.Applied?.CanaryWeight >= before.Applied.CanaryWeight && after.Desired.CanaryWeight >= before.Desired.CanaryWeight
            && after.Workload!.Asked.CanaryWeight >= before.Workload.Asked.CanaryWeight && after.Workload.Scale == before.Workload.Scale;
        return !keepsTraffic || after.Workload!.Plan.Canary?.Replicas >= before.Workload!.Plan.Canary!.Replicas;
    }));

    [Fact]
    public void Weight_Raised_OnlyWithThePodsForItSeen() => Check(world => world.Turns.TrueForAll(turn =>
    {
        Rollout before = turn.Before.Rollout, after = turn.After.Rollout;
        return after.Desired.CanaryWeight <= before.Desired.CanaryWeight
            || after.Workload!.State is { Canary: { Available: > 0 } canary, CanaryService: WorkloadRole.Canary } && canary.Available >= after.Workload.Plan.Canary!.Replicas;
    }));

    [Fact]
    public void Revision_EveryNewPlan_GrowsIt() => Check(world =>
    {
        Dictionary<long, WorkloadPlan> planned = [];
        return world.Turns.SelectMany(t => t.After.Effects.OfType<ShapeWorkload>()).All(shape =>
            planned.TryAdd(shape.Revision, shape.Plan) ? planned.Keys.Max() == shape.Revision : planned[shape.Revision].Equals(shape.Plan));
    });

    [Fact]
    public void State_Compressed_StaysSmall() => Check(world => world.Turns.Count == 0 || TakenTurn.Json(world.Turns[^1].After).Length < 60_000);

    private static void Check(Func<RandomRollout, bool> holds) =>
        RandomRollout.CasesWithPods.Sample(
            played =>
            {
                var world = RandomRollout.Play(played);
                Assert.True(holds(world), string.Join('\n', world.Turns));
            },
            iter: Sequences);
}
