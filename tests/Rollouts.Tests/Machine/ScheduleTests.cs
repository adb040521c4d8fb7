using Rollouts.Engine;
using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Policy;
using Rollouts.Steps;
using Rollouts.Traffic;

namespace Rollouts.Tests.Machine;

/// <summary>Hours in which the weight may be raised, and the deadline. The machine's tests begin on Thursday, 1 January 2026, at 00:00 UTC.</summary>
public sealed class ScheduleTests
{
    private static readonly DayOfWeek[] Workdays = [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday];

    private static readonly PauseStep Minute = new(TimeSpan.FromMinutes(1));

    [Fact]
    public void Schedule_Closed_FinishesTheStepAndRaisesNothingBeforeItOpens()
    {
        var world = new MachineDriver(Releases.With(Hours(9, 17), null, Releases.InternalRoute, Minute, new SetWeightStep(5), Minute));

        world.Run(TimeSpan.FromHours(8));
        Assert.Equal((2, 0), (world.Rollout.StepIndex, world.Rollout.Applied!.CanaryWeight));
        Assert.Single(world.Rollout.Applied.HeaderRoutes);
        RolloutStatus status = RolloutStatusView.Of(world.Turn);
        Assert.Equal(WaitingFor.Schedule, status.WaitingFor);
        Assert.Equal("the weight is not raised before 2026-01-01 09:00:00Z; promote raises it all the same", status.Message);
        Assert.Equal(1, world.Journal.Count(e => e.Type == EventType.ScheduleClosed));

        world.Run(TimeSpan.FromHours(1) + TimeSpan.FromSeconds(1));
        Assert.Equal(5, world.Rollout.Applied.CanaryWeight);
        world.Run(TimeSpan.FromMinutes(2));
        Assert.Equal(RolloutOutcome.Promoted, world.Rollout.Outcome);
    }

    [Fact]
    public void Schedule_ClosesHalfWay_HoldsBeforeFullWeightToo()
    {
        var world = new MachineDriver(Releases.With(Hours(0, 1), null, new SetWeightStep(5), new PauseStep(TimeSpan.FromHours(2))));

        world.Run(TimeSpan.FromHours(10));
        Assert.Equal(5, world.Rollout.Applied!.CanaryWeight);

        world.Run(TimeSpan.FromHours(15));
        Assert.Equal(RolloutOutcome.Promoted, world.Rollout.Outcome);
    }

    [Fact]
    public void Schedule_Closed_LowersTheWeightAndRollsBack()
    {
        var world = new MachineDriver(Releases.With(Hours(0, 1), null, new SetWeightStep(50), new PauseStep(TimeSpan.FromHours(2)), new SetWeightStep(10), new PauseStep(null)));

        world.Run(TimeSpan.FromHours(5));
        Assert.Equal(10, world.Rollout.Applied!.CanaryWeight);

        world.Decide(Command.Abort);
        world.Run(TimeSpan.FromMinutes(1));
        Assert.Equal(TrafficSplit.None, world.Written[^1]);
    }

    [Fact]
    public void Promote_ScheduleClosed_RaisesTheWeightOfThisStepOnly()
    {
        var world = new MachineDriver(Releases.With(Hours(9, 17), null, new SetWeightStep(5), Minute, new SetWeightStep(50)));
        world.Run(TimeSpan.FromMinutes(1));

        world.Decide(Command.Promote);
        world.Run(TimeSpan.FromMinutes(10));

        Assert.Equal((2, 5), (world.Rollout.StepIndex, world.Rollout.Applied!.CanaryWeight));
        Assert.Equal(WaitingFor.Schedule, RolloutStatusView.Of(world.Turn).WaitingFor);
    }

    [Fact]
    public void PromoteFull_ScheduleClosed_GivesEverything()
    {
        var world = new MachineDriver(Releases.With(Hours(9, 17), null, new SetWeightStep(5)));

        world.Decide(Command.PromoteFull);
        world.Run(TimeSpan.FromMinutes(1));

        Assert.Equal(RolloutOutcome.Promoted, world.Rollout.Outcome);
    }

    [Fact]
    public void Schedule_OpensWhilePausedByHand_GoesOnWhenResumed()
    {
        var world = new MachineDriver(Releases.With(Hours(9, 17), null, new SetWeightStep(5), Minute));
        world.Run(TimeSpan.FromMinutes(1));
        world.Decide(Command.Pause);

        world.Run(TimeSpan.FromHours(10));
        Assert.Equal(0, world.Rollout.Applied!.CanaryWeight);

        world.Decide(Command.Resume);
        world.Run(TimeSpan.FromMinutes(2));
        Assert.Equal(RolloutOutcome.Promoted, world.Rollout.Outcome);
    }

    [Fact]
    public void RetryFromStep_ScheduleClosed_RaisesNothingBeforeItOpens()
    {
        MachineDriver world = RetriedByNight();
        Assert.Equal((2, 0), (world.Rollout.StepIndex, world.Rollout.Applied!.CanaryWeight));
        RolloutStatus status = RolloutStatusView.Of(world.Turn);
        Assert.Equal(WaitingFor.Schedule, status.WaitingFor);
        Assert.Equal("the weight is not raised before 2026-01-02 09:00:00Z; promote raises it all the same", status.Message);
        Assert.Contains(world.Journal, e => e.Type == EventType.ScheduleClosed && e.Message.Contains("The weight is not raised to 20", StringComparison.Ordinal));

        world.Run(TimeSpan.FromHours(8));
        Assert.Equal(0, world.Rollout.Applied.CanaryWeight);

        world.Run(TimeSpan.FromHours(8));
        Assert.Equal([20, 50], world.Written[^2..].Select(w => w.CanaryWeight));
    }

    [Fact]
    public void RetryFromStep_ScheduleClosed_PromoteRaisesWhatIsReplayedOnly()
    {
        MachineDriver world = RetriedByNight();

        world.Decide(Command.Promote);
        world.Run(TimeSpan.FromMinutes(10));
        Assert.Equal((2, 20), (world.Rollout.StepIndex, world.Rollout.Applied!.CanaryWeight));
        Assert.Equal(WaitingFor.Schedule, RolloutStatusView.Of(world.Turn).WaitingFor);

        world.Decide(Command.Promote);
        world.Run(TimeSpan.FromMinutes(1));
        Assert.Equal(50, world.Rollout.Applied!.CanaryWeight);
    }

    [Theory]
    [InlineData(Command.PromoteFull, RolloutOutcome.Promoted)]
    [InlineData(Command.Abort, RolloutOutcome.Aborted)]
    public void RetryFromStep_ScheduleClosed_CanBeEnded(Command command, RolloutOutcome expected)
    {
        MachineDriver world = RetriedByNight();

        world.Decide(command);
        world.Run(TimeSpan.FromMinutes(1));

        Assert.Equal(expected, world.Rollout.Outcome);
    }

    [Fact]
    public void RetryFromStep_PausedByHandWhenTheScheduleOpens_GoesOnWhenPromoted()
    {
        MachineDriver world = RetriedByNight();
        world.Decide(Command.Pause);
        world.Run(TimeSpan.FromHours(16));
        Assert.Equal(0, world.Rollout.Applied!.CanaryWeight);

        world.Decide(Command.Promote);
        world.Run(TimeSpan.FromMinutes(1));
        Assert.Equal([20, 50], world.Written[^2..].Select(w => w.CanaryWeight));
    }

    [Theory]
    [InlineData(false, "the rollout was not over within its deadline of 1h")]
    [InlineData(true, "the rollout was not over within its deadline of 1h")]
    public void Deadline_Passed_RollsBack(bool pausedByHand, string expected)
    {
        var world = new MachineDriver(Releases.With(new RolloutPolicy { Deadline = TimeSpan.FromHours(1) }, null, new SetWeightStep(5), new PauseStep(null)));
        world.Run(TimeSpan.FromMinutes(59));
        if (pausedByHand)
        {
            world.Decide(Command.Pause);
        }

        Assert.Null(world.Rollout.Outcome);
        world.Run(TimeSpan.FromMinutes(2));

        Assert.Equal((RolloutOutcome.Aborted, expected), (world.Rollout.Outcome, world.Rollout.Message));
        Assert.Equal(TrafficSplit.None, world.Written[^1]);
    }

    [Fact]
    public void Deadline_PassesWhileBaking_RollsBack()
    {
        RolloutPolicy policy = new() { Deadline = TimeSpan.FromHours(1), Bake = new BakePolicy { For = TimeSpan.FromHours(2) } };
        var world = new MachineDriver(Releases.With(policy, null, new SetWeightStep(5)));

        world.Run(TimeSpan.FromMinutes(61));

        Assert.Equal(RolloutOutcome.Aborted, world.Rollout.Outcome);
    }

    [Fact]
    public void Deadline_Retry_CountsAnew()
    {
        var world = new MachineDriver(Releases.With(new RolloutPolicy { Deadline = TimeSpan.FromHours(1) }, null, new SetWeightStep(5), new PauseStep(null)));
        world.Run(TimeSpan.FromMinutes(61));

        world.Decide(Command.Retry);
        world.Run(TimeSpan.FromMinutes(59));

        Assert.Null(world.Rollout.Outcome);
        Assert.NotNull(world.Rollout.Question);
    }

    /// <summary>Aborted by day at step 2, and retried from there at 18:00.</summary>
    private static MachineDriver RetriedByNight()
    {
        var world = new MachineDriver(Releases.With(Hours(9, 17), null, new SetWeightStep(20), Minute, new SetWeightStep(50), new PauseStep(null)));
        world.Run(TimeSpan.FromHours(10));
        Assert.Equal(50, world.Rollout.Applied!.CanaryWeight);
        world.Decide(Command.Abort);
        world.Run(TimeSpan.FromHours(1));
        Assert.True(world.Rollout.IsFinished);
        world = new MachineDriver(world.Turn, new DateTimeOffset(2026, 1, 1, 18, 0, 0, TimeSpan.Zero));
        world.Decide(Command.Retry, fromStep: 2);
        world.Run(TimeSpan.FromMinutes(5));
        return world;
    }

    private static RolloutPolicy Hours(int from, int to) => new()
    {
        Schedule = new RolloutSchedule
        {
            TimeZone = "UTC",
            BusinessHours = [new BusinessHours(Workdays, TimeSpan.FromHours(from), TimeSpan.FromHours(to))],
        },
    };
}
