using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Steps;
using Rollouts.Workloads;

namespace Rollouts.Tests.Machine.Workloads;

/// <summary>Aborts of rollouts that deploy their own pods, and rollouts that make way for another.</summary>
public sealed class WorkloadAbortTests
{
    private static readonly PauseStep Minute = new(TimeSpan.FromMinutes(1));

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
}
