using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Steps;
using Rollouts.Workloads;

namespace Rollouts.Tests.Machine.Workloads;

/// <summary>Restarts and retries of rollouts that deploy their own pods.</summary>
public sealed class WorkloadOperationTests
{
    private static readonly PauseStep Minute = new(TimeSpan.FromMinutes(1));

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
}
