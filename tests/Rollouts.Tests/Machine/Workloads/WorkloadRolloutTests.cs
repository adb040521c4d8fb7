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
    public void Abort_MidWay_LeavesTheStableVersionUntouchedAndKeepsTheCanaryForAWhile()
    {
        var world = new MachineDriver(Releases.Article().WithWorkload());
        world.Run(TimeSpan.FromMinutes(2));
        int plans = world.Pods.Plans.Count;

        world.Decide(Command.Abort);
        Assert.Equal(0, world.Written[^1].CanaryWeight);
        Assert.Equal(RolloutOutcome.Aborted, world.Rollout.Outcome);
        Assert.NotNull(world.Pods.Canary);
        Assert.Equal(WorkloadRole.Stable, world.Pods.CanaryService);
        Assert.False(world.Rollout.IsFinished);

        world.Run(TimeSpan.FromSeconds(31));
        Assert.True(world.Rollout.IsFinished);
        Assert.Null(world.Pods.Canary);
        Assert.All(world.Pods.Plans.Skip(plans), p => Assert.Equal(StableContent.AsItIs, p.Stable.Content));
        Assert.Equal("v1", world.Pods.Stable!.Revision);
    }

    [Fact]
    public void Abort_DelayOfZero_KeepsTheCanary()
    {
        var world = new MachineDriver(Releases.Article().WithWorkload(new ScalingRules { AbortScaleDownDelay = TimeSpan.Zero }));
        world.Run(TimeSpan.FromMinutes(2));
        world.Decide(Command.Abort);
        world.Run(TimeSpan.FromHours(2));

        Assert.True(world.Rollout.IsFinished);
        Assert.Equal(1, world.Pods.Canary!.Replicas);
        Assert.Equal(WorkloadRole.Stable, world.Pods.CanaryService);
    }

    [Fact]
    public void Abort_WhileTheStableVersionIsUpdated_PutsItBackBeforeTheTraffic()
    {
        var world = new MachineDriver(Releases.With(new SetWeightStep(50)).WithWorkload());
        world.Run(TimeSpan.FromSeconds(15));
        world.Pods.StartsIn = TimeSpan.FromMinutes(2);
        world.Run(TimeSpan.FromMinutes(1));
        Assert.Equal(PromotionPhase.UpdatingStable, world.Rollout.Workload!.Promotion);
        Assert.Equal("v2", world.Pods.Stable!.Revision);
        Assert.Equal(100, world.Written[^1].CanaryWeight);

        world.Decide(Command.Abort);
        Assert.Contains(EventType.RolloutHalted, world.Events);
        Assert.Equal("v1", world.Pods.Stable.Revision);
        Assert.All(world.Written.TakeLast(2), s => Assert.Equal(100, s.CanaryWeight));

        world.Run(TimeSpan.FromMinutes(1));
        Assert.Equal(100, world.Written[^1].CanaryWeight);
        world.Run(TimeSpan.FromMinutes(2));
        Assert.Equal(0, world.Written[^1].CanaryWeight);
        Assert.Equal(RolloutOutcome.Aborted, world.Rollout.Outcome);
        Assert.Null(world.Pods.Canary);
    }

    [Fact]
    public void Abort_StableNeverComesBack_LeavesTheTrafficWhereItIsAnswered()
    {
        var world = new MachineDriver(Releases.With(new SetWeightStep(50)).WithWorkload());
        world.Run(TimeSpan.FromSeconds(15));
        world.Pods.StartsIn = TimeSpan.FromDays(2);
        world.Run(TimeSpan.FromMinutes(1));
        world.Decide(Command.Abort);
        world.Run(TimeSpan.FromHours(3));

        Assert.True(world.Rollout.IsFinished);
        Assert.Equal(RolloutOutcome.Aborted, world.Rollout.Outcome);
        Assert.Equal(100, world.Written[^1].CanaryWeight);
        Assert.NotNull(world.Pods.Canary);
        Assert.Contains("the canary keeps its traffic", world.Rollout.Message, StringComparison.Ordinal);
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
    public void ProgressDeadline_PodsNeverCome_SaysSoAndGoesOnWhenTheyDo()
    {
        var world = new MachineDriver(Releases.Article().WithWorkload());
        world.Pods.Broken.Add("v2");
        world.Run(TimeSpan.FromMinutes(11));
        Assert.Null(world.Rollout.Outcome);
        RolloutStatus status = RolloutStatusView.Of(world.Turn);
        Assert.Equal(RolloutPhase.Degraded, status.Phase);
        Assert.Contains("ImagePullBackOff", status.Message, StringComparison.Ordinal);

        world.Pods.Broken.Clear();
        world.Run(TimeSpan.FromMinutes(1));
        Assert.NotEqual(RolloutPhase.Degraded, RolloutStatusView.PhaseOf(world.Rollout));
    }

    [Fact]
    public void ProgressDeadline_NobodyDecides_EndsTheRollout()
    {
        RolloutPolicy policy = new() { Question = new QuestionPolicy { OpenFor = TimeSpan.FromHours(1) } };
        var world = new MachineDriver(Releases.Article(policy).WithWorkload());
        world.Pods.Broken.Add("v2");
        world.Run(TimeSpan.FromHours(2));

        Assert.Equal(RolloutOutcome.Aborted, world.Rollout.Outcome);
    }

    [Fact]
    public void ProgressDeadlineAbort_PodsNeverCome_RollsBack()
    {
        var world = new MachineDriver(Releases.Article().WithWorkload(new ScalingRules { AbortOnProgressDeadline = true }));
        world.Pods.Broken.Add("v2");
        world.Run(TimeSpan.FromMinutes(12));

        Assert.Equal(RolloutOutcome.Aborted, world.Rollout.Outcome);
        Assert.Contains("did not become available within 10m", world.Rollout.Message, StringComparison.Ordinal);
        Assert.Contains("ImagePullBackOff", world.Rollout.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ProgressThreshold_PartOfThePods_Suffices()
    {
        Release release = Releases.With(new SetWeightStep(100), Minute)
            .WithWorkload(new ScalingRules { ProgressThreshold = new ReplicaThreshold(ReplicaThresholdKind.Percent, 75) });
        var world = new MachineDriver(release);
        world.Answer = effect => effect is ShapeWorkload { Plan.Stable.Content: StableContent.AsItIs } shape && world.Pods.Perform(shape) is WorkloadShaped { State.Canary: { } canary } shaped
            ? shaped with { State = shaped.State with { Canary = canary with { Available = Math.Min(canary.Available, 3) } } }
            : null;
        world.Run(TimeSpan.FromSeconds(30));

        Assert.Equal(100, world.Written[^1].CanaryWeight);
    }

    [Fact]
    public void Shape_ClusterRefusesTheTemplate_IsInvalidBeforeAnythingStands()
    {
        var world = new MachineDriver(Releases.Article().WithWorkload())
        {
            Answer = effect => effect is ShapeWorkload ? new EffectFailed(effect, FailureKind.Invalid, "spec.containers[0].image: Required value") : null,
        };
        world.Run(TimeSpan.FromMinutes(1));

        Assert.Equal(RolloutOutcome.Invalid, world.Rollout.Outcome);
        Assert.Contains("Required value", world.Rollout.Message, StringComparison.Ordinal);
        Assert.False(world.Rollout.OwnsTarget);
    }

    [Fact]
    public void Supersede_MidWay_EndsWithoutDelayAndWithoutACanary()
    {
        var world = new MachineDriver(Releases.Article().WithWorkload());
        world.Run(TimeSpan.FromMinutes(2));
        world.Decide(Command.Supersede);

        Assert.Equal(RolloutOutcome.Superseded, world.Rollout.Outcome);
        Assert.True(world.Rollout.IsFinished);
        Assert.Equal(0, world.Written[^1].CanaryWeight);
        Assert.Null(world.Pods.Canary);
    }

    [Fact]
    public void Supersede_WhileTheCanaryIsKept_EndsTheDelay()
    {
        var world = new MachineDriver(Releases.With(new SetWeightStep(50)).WithWorkload(new ScalingRules { ScaleDownDelay = TimeSpan.FromHours(1) }));
        world.Run(TimeSpan.FromMinutes(2));
        Assert.Equal(RolloutOutcome.Promoted, world.Rollout.Outcome);
        Assert.NotNull(world.Pods.Canary);

        world.Decide(Command.Supersede);
        Assert.True(world.Rollout.IsFinished);
        Assert.Equal(RolloutOutcome.Promoted, world.Rollout.Outcome);
        Assert.Null(world.Pods.Canary);
    }

    [Fact]
    public void Start_Superseding_WaitsForTheOwner()
    {
        int refusals = 0;
        DateTimeOffset start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        Turn first = RolloutMachine.Start(Releases.Article().WithWorkload(), "shop.checkout.0123456789", "pipeline", start, supersedes: "older");
        var world = new MachineDriver(first, start);
        world.Answer = effect => effect is ClaimTarget && refusals++ < 4 ? new EffectFailed(effect, FailureKind.Owned, "owned by older") : null;
        world.Run(TimeSpan.FromMinutes(20));

        Assert.Equal(RolloutOutcome.Promoted, world.Rollout.Outcome);
        Assert.Equal(5, refusals);
    }

    [Fact]
    public void Restart_UnderWay_ReplacesTheStablePods()
    {
        var world = new MachineDriver(Releases.With(new SetWeightStep(50), new PauseStep(null)).WithWorkload());
        world.Run(TimeSpan.FromMinutes(1));
        world.Decide(Command.Restart);
        world.Run(TimeSpan.FromMinutes(1));

        Assert.NotNull(world.Pods.Stable!.RestartedAt);
        Assert.Equal("v1", world.Pods.Stable.Revision);
        Assert.Equal(50, world.Written[^1].CanaryWeight);
    }

    [Fact]
    public void Restart_AfterTheEnd_TakesTheTargetOnceMoreAndKeepsTheOutcome()
    {
        var world = new MachineDriver(Releases.With(new SetWeightStep(50)).WithWorkload());
        world.Run(TimeSpan.FromMinutes(5));
        Assert.True(world.Rollout.IsFinished);
        int written = world.Written.Count;

        world.Decide(Command.Restart);
        world.Run(TimeSpan.FromMinutes(1));

        Assert.True(world.Rollout.IsFinished);
        Assert.Equal(RolloutOutcome.Promoted, world.Rollout.Outcome);
        Assert.NotNull(world.Pods.Stable!.RestartedAt);
        Assert.True(world.Pods.Plans[^1].OnlyStable);
        Assert.Equal(written, world.Written.Count);
        Assert.False(world.Rollout.OwnsTarget);
    }

    [Fact]
    public void Restart_PodsOfSomebodyElse_IsRejected()
    {
        var world = new MachineDriver(Releases.Article());
        world.Run(TimeSpan.FromMinutes(1));
        world.Decide(Command.Restart);

        Assert.Contains(world.Journal, e => e.Type == EventType.DecisionRejected && e.Message.Contains("deployed by somebody else", StringComparison.Ordinal));
    }

    [Fact]
    public void Retry_AfterAnAbort_BeginsAgainWithTheCanaryThatIsThere()
    {
        var world = new MachineDriver(Releases.Article().WithWorkload(new ScalingRules { AbortScaleDownDelay = TimeSpan.Zero }));
        world.Run(TimeSpan.FromMinutes(2));
        world.Decide(Command.Abort);
        world.Run(TimeSpan.FromMinutes(2));
        world.Decide(Command.Retry);
        world.Run(TimeSpan.FromMinutes(30));

        Assert.Equal(RolloutOutcome.Promoted, world.Rollout.Outcome);
        Assert.Equal("v2", world.Pods.Stable!.Revision);
        Assert.Null(world.Pods.Canary);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Retry_FromAStep_BeginsWithWhatTheStepsBeforeAskedFor(bool deploys)
    {
        Release release = Releases.Article();
        var world = new MachineDriver(deploys ? release.WithWorkload() : release) { Measure = _ => "[1]" };
        world.Run(TimeSpan.FromMinutes(10));
        Assert.Equal((RolloutOutcome.RolledBack, 3), (world.Rollout.Outcome, world.Rollout.StepIndex));

        world.Decide(Command.Retry, fromStep: 4);
        Assert.NotNull(world.Rollout.Outcome);
        Assert.Contains(world.Journal, e => e.Type == EventType.DecisionRejected && e.Message.Contains("step 4 can't be retried", StringComparison.Ordinal));

        world.Measure = _ => "[0]";
        int before = world.Written.Count;
        world.Decide(Command.Retry, fromStep: 3);
        world.Run(TimeSpan.FromSeconds(20));
        Assert.Equal([5, 25], world.Written.Skip(before).Select(s => s.CanaryWeight).Where(w => w > 0).Distinct());
        Assert.Single(world.Written[^1].HeaderRoutes);
        world.Run(TimeSpan.FromMinutes(20));
        Assert.Equal(RolloutOutcome.Promoted, world.Rollout.Outcome);
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
