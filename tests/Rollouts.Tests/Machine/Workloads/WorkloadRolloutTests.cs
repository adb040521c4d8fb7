using Rollouts.Engine;
using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Policy;
using Rollouts.Steps;
using Rollouts.Workloads;

namespace Rollouts.Tests.Machine.Workloads;

/// <summary>Rollouts that deploy their own pods.</summary>
public sealed class WorkloadRolloutTests
{
    private static readonly PauseStep Minute = new(TimeSpan.FromMinutes(1));

    [Fact]
    public void Start_HealthyCanary_EndsWithTheReleaseAsTheStableVersion()
    {
        var world = new MachineDriver(Releases.Article().WithWorkload());
        world.Run(TimeSpan.FromMinutes(20));

        Assert.Equal(RolloutOutcome.Promoted, world.Rollout.Outcome);
        Assert.True(world.Rollout.IsFinished);
        Assert.Equal(("v2", 4), (world.Pods.Stable!.Revision, world.Pods.Stable.Replicas));
        Assert.Null(world.Pods.Canary);
        Assert.Equal(WorkloadRole.Stable, world.Pods.CanaryService);
        Assert.Equal([0, 5, 25, 100, 100, 0], world.Written.Select(s => s.CanaryWeight));
        Assert.Equal([0, 1, 4, 4, 4, 0], world.Pods.Plans.Select(p => p.Canary?.Replicas ?? 0));
    }

    [Fact]
    public void SetWeight_PodsNotYetAvailable_KeepsTheWeight()
    {
        var world = new MachineDriver(Releases.With(new SetWeightStep(50), Minute, new SetWeightStep(75), Minute).WithWorkload());
        world.Pods.StartsIn = TimeSpan.FromSeconds(40);
        world.Run(TimeSpan.FromSeconds(39));
        Assert.Empty(world.Written);
        Assert.Equal(2, world.Pods.Canary!.Replicas);
        Assert.Equal(WaitingFor.Readiness, RolloutStatusView.Of(world.Turn).WaitingFor);

        world.Run(TimeSpan.FromSeconds(5));
        Assert.Equal([50], world.Written.Select(s => s.CanaryWeight));

        world.Run(TimeSpan.FromSeconds(60));
        Assert.Equal(3, world.Pods.Canary.Replicas);
        Assert.Equal([50], world.Written.Select(s => s.CanaryWeight).Distinct().Take(1));
    }

    [Theory]
    [InlineData(1, 4, 1)]
    [InlineData(25, 4, 1)]
    [InlineData(26, 4, 2)]
    [InlineData(100, 4, 4)]
    [InlineData(1, 10, 1)]
    [InlineData(0, 4, 0)]
    [InlineData(33, 3, 1)]
    [InlineData(34, 3, 2)]
    public void SetWeight_Replicas_AreRoundedUp(int weight, int replicas, int expected)
    {
        var world = new MachineDriver(Releases.With(new SetWeightStep(weight), Minute).WithWorkload(replicas: replicas));
        world.Run(TimeSpan.FromSeconds(30));

        Assert.Equal(expected, world.Pods.Canary!.Replicas);
    }

    [Fact]
    public void SetWeight_MinPods_IsTheFloor()
    {
        var world = new MachineDriver(Releases.With(new SetWeightStep(1), Minute).WithWorkload(new ScalingRules { MinPodsPerReplicaSet = 3 }));
        world.Run(TimeSpan.FromSeconds(30));
        Assert.Equal(3, world.Pods.Canary!.Replicas);

        world = new MachineDriver(Releases.With(new SetWeightStep(1), Minute).WithWorkload(new ScalingRules { MinPodsPerReplicaSet = 9 }));
        world.Run(TimeSpan.FromSeconds(30));
        Assert.Equal(4, world.Pods.Canary!.Replicas);
    }

    [Fact]
    public void SetWeight_Down_TakesTheTrafficBeforeThePods()
    {
        var world = new MachineDriver(Releases.With(new SetWeightStep(100), new SetWeightStep(25), Minute).WithWorkload());
        int podsAtLowering = -1;
        world.Answer = effect =>
        {
            podsAtLowering = effect is RouteTraffic { Split.CanaryWeight: 25 } ? world.Pods.Canary!.Replicas : podsAtLowering;
            return null;
        };
        world.Run(TimeSpan.FromSeconds(40));

        Assert.Equal(4, podsAtLowering);
        Assert.Equal(1, world.Pods.Canary!.Replicas);
    }

    [Fact]
    public void SetCanaryScale_Replicas_HoldUntilTheTrafficIsMatchedAgain()
    {
        var world = new MachineDriver(Releases.With(
            new SetCanaryScaleStep(Replicas: 3), Minute, new SetWeightStep(25), Minute, new SetCanaryScaleStep(), Minute).WithWorkload());
        world.Run(TimeSpan.FromSeconds(30));
        Assert.Equal(3, world.Pods.Canary!.Replicas);
        Assert.Empty(world.Written);

        world.Run(TimeSpan.FromMinutes(1));
        Assert.Equal((3, 25), (world.Pods.Canary.Replicas, world.Written[^1].CanaryWeight));

        world.Run(TimeSpan.FromMinutes(1));
        Assert.Equal((1, 25), (world.Pods.Canary.Replicas, world.Written[^1].CanaryWeight));
    }

    [Fact]
    public void SetCanaryScale_Weight_SizesWithoutTraffic()
    {
        var world = new MachineDriver(Releases.With(new SetCanaryScaleStep(Weight: 50), Minute).WithWorkload());
        world.Run(TimeSpan.FromSeconds(30));

        Assert.Equal(2, world.Pods.Canary!.Replicas);
        Assert.Empty(world.Written);
    }

    [Fact]
    public void Canary_LosesEveryPod_GetsNoTrafficUntilItIsBack()
    {
        var world = new MachineDriver(Releases.With(new SetWeightStep(50), new PauseStep(TimeSpan.FromMinutes(10)), new SetWeightStep(75)).WithWorkload());
        world.Run(TimeSpan.FromMinutes(1));
        Assert.Equal(50, world.Written[^1].CanaryWeight);

        world.Pods.Broken.Add("v2");
        world.Run(TimeSpan.FromMinutes(1));
        Assert.Equal(0, world.Written[^1].CanaryWeight);

        world.Pods.Broken.Clear();
        world.Run(TimeSpan.FromMinutes(1));
        Assert.Equal(50, world.Written[^1].CanaryWeight);
    }

    [Fact]
    public void HeaderRoute_WithoutWeight_HasAPodBehindIt()
    {
        var world = new MachineDriver(Releases.With(Releases.InternalRoute, Minute).WithWorkload());
        world.Run(TimeSpan.FromSeconds(30));

        Assert.Equal(1, world.Pods.Canary!.Replicas);
        Assert.Single(world.Written[^1].HeaderRoutes);
    }

    [Fact]
    public void DynamicStableScale_StableShrinksBehindTheTraffic()
    {
        var world = new MachineDriver(Releases.With(new SetWeightStep(50), Minute, new SetWeightStep(75), Minute).WithWorkload(new ScalingRules { DynamicStableScale = true }));
        world.Run(TimeSpan.FromSeconds(30));
        Assert.Equal((2, 2), (world.Pods.Canary!.Replicas, world.Pods.Stable!.Replicas));

        world.Run(TimeSpan.FromSeconds(60));
        Assert.Equal((3, 1), (world.Pods.Canary.Replicas, world.Pods.Stable.Replicas));

        world.Run(TimeSpan.FromMinutes(5));
        Assert.Equal(RolloutOutcome.Promoted, world.Rollout.Outcome);
        Assert.Equal(4, world.Pods.Stable.Replicas);
    }

    [Fact]
    public void DynamicStableScale_Abort_GivesTrafficBackAsStablePodsCome()
    {
        var world = new MachineDriver(Releases.With(new SetWeightStep(75), new PauseStep(null)).WithWorkload(new ScalingRules { DynamicStableScale = true }));
        world.Run(TimeSpan.FromMinutes(1));
        Assert.Equal(1, world.Pods.Stable!.Replicas);

        world.Decide(Command.Abort);
        Assert.Equal(75, world.Written[^1].CanaryWeight);
        world.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(0, world.Written[^1].CanaryWeight);
        Assert.Equal(4, world.Pods.Stable.Replicas);
        world.Run(TimeSpan.FromMinutes(2));
        Assert.Equal(RolloutOutcome.Aborted, world.Rollout.Outcome);
    }

    [Fact]
    public void Autoscaled_StableReplicasAreLeftAlone()
    {
        var world = new MachineDriver(Releases.With(new SetWeightStep(50), Minute).WithWorkload(new ScalingRules { DynamicStableScale = true }));
        world.Pods.Autoscaled = true;
        world.Pods.Stable = new FakeDeployment("v1", 10);
        world.Run(TimeSpan.FromMinutes(5));

        Assert.Equal(RolloutOutcome.Promoted, world.Rollout.Outcome);
        Assert.All(world.Pods.Plans, p => Assert.Null(p.Stable.Replicas));
        Assert.Contains(world.Pods.Plans, p => p.Canary is { Replicas: 10 });
        Assert.Equal(10, world.Pods.Stable.Replicas);
    }

    [Fact]
    public void Promotion_CanaryDiesWhileTheStableVersionIsUpdated_UsersGetTheStablePods()
    {
        var world = new MachineDriver(Releases.With(new SetWeightStep(50)).WithWorkload());
        world.Run(TimeSpan.FromSeconds(15));
        world.Pods.StartsIn = TimeSpan.FromMinutes(30);
        world.Run(TimeSpan.FromMinutes(1));
        Assert.Equal(100, world.Written[^1].CanaryWeight);

        world.Pods.Broken.Add("v2");
        world.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(0, world.Written[^1].CanaryWeight);
    }

    [Fact]
    public void PromoteFull_PodsOnTheirWay_RaisesOnlyWhenAllAreThere()
    {
        var world = new MachineDriver(Releases.With(new SetWeightStep(25), new PauseStep(null)).WithWorkload());
        world.Run(TimeSpan.FromMinutes(1));
        world.Pods.StartsIn = TimeSpan.FromMinutes(1);
        world.Decide(Command.PromoteFull);
        world.Run(TimeSpan.FromSeconds(50));
        Assert.Equal(4, world.Pods.Canary!.Replicas);
        Assert.DoesNotContain(world.Written, s => s.CanaryWeight > 25);

        world.Run(TimeSpan.FromMinutes(5));
        Assert.Equal(RolloutOutcome.Promoted, world.Rollout.Outcome);
    }

    [Fact]
    public void First_NoStableVersion_IsDeployedWithoutSteps()
    {
        var world = new MachineDriver(Releases.Article().WithWorkload()) { Measure = _ => "[1]" };
        world.Pods.Stable = null;
        world.Run(TimeSpan.FromMinutes(1));

        Assert.Equal(RolloutOutcome.Promoted, world.Rollout.Outcome);
        Assert.Equal(("v2", 4), (world.Pods.Stable!.Revision, world.Pods.Stable.Replicas));
        Assert.Empty(world.Written);
        Assert.Contains(EventType.SkipSteps, world.Events);
    }

    [Theory]
    [InlineData("[0]", RolloutOutcome.Promoted)]
    [InlineData("[1]", RolloutOutcome.RolledBack)]
    public void First_PolicyAnalyses_GoesThroughItsAnalysisWithAllTraffic(string value, RolloutOutcome outcome)
    {
        RolloutPolicy policy = new() { FirstDeployment = FirstDeploymentPolicy.Analyse };
        var world = new MachineDriver(Releases.Article(policy).WithWorkload()) { Measure = _ => value };
        world.Pods.Stable = null;
        world.Run(TimeSpan.FromMinutes(2));
        Assert.Equal(100, world.Written[^1].CanaryWeight);
        Assert.Null(world.Pods.Stable);

        world.Run(TimeSpan.FromMinutes(30));
        Assert.Equal(outcome, world.Rollout.Outcome);
        Assert.Equal(outcome == RolloutOutcome.Promoted ? "v2" : null, world.Pods.Stable?.Revision);
        Assert.Equal(0, world.Written[^1].CanaryWeight);
        Assert.Null(world.Pods.Canary);
    }

    [Fact]
    public void Unchanged_ReleaseIsTheStableVersion_SkipsItsSteps()
    {
        var world = new MachineDriver(Releases.Article().WithWorkload());
        world.Pods.Stable = new FakeDeployment("v2", 4);
        world.Run(TimeSpan.FromMinutes(1));

        Assert.Equal(RolloutOutcome.Promoted, world.Rollout.Outcome);
        Assert.Empty(world.Written);
        Assert.Null(world.Pods.Canary);
    }

    [Theory]
    [InlineData(2, RolloutOutcome.FastRolledBack)]
    [InlineData(1, null)]
    [InlineData(0, null)]
    public void RollbackWindow_FormerVersion_TakesNoSteps(int window, RolloutOutcome? outcome)
    {
        var world = new MachineDriver(Releases.Article().WithWorkload(new ScalingRules { RollbackWindow = window }));
        world.Pods.Stable = new FakeDeployment("v4", 4);
        world.Pods.Former.AddRange(["v3", "v2"]);
        world.Run(TimeSpan.FromMinutes(1));

        Assert.Equal(outcome, world.Rollout.Outcome);
        Assert.Equal(outcome is null ? "v4" : "v2", world.Pods.Stable!.Revision);
        Assert.Equal(outcome is null ? RolloutPhase.Paused : RolloutPhase.Healthy, RolloutStatusView.PhaseOf(world.Rollout));
    }

    [Fact]
    public void Reference_ScaledDownOnSuccess_LosesItsPodsAtTheEnd()
    {
        Release release = Releases.With(new SetWeightStep(50)).WithWorkload();
        release = release with { Workload = release.Workload! with { Reference = new WorkloadReference("source", ReferenceScaleDown.OnSuccess) } };
        var world = new MachineDriver(release);
        world.Run(TimeSpan.FromSeconds(15));
        Assert.Null(world.Pods.ReferenceReplicas);

        world.Run(TimeSpan.FromMinutes(5));
        Assert.Equal(0, world.Pods.ReferenceReplicas);
    }
}
