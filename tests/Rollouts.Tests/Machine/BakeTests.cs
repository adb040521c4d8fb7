using Rollouts.Analysis;
using Rollouts.Engine;
using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Policy;
using Rollouts.Steps;
using Rollouts.Traffic;

namespace Rollouts.Tests.Machine;

/// <summary>Bake time: all traffic, and still a way back (as AWS AppConfig has it after its last step).</summary>
public sealed class BakeTests
{
    private static readonly RolloutPolicy HalfAnHour = new() { Bake = new BakePolicy { For = TimeSpan.FromMinutes(30) } };

    private static readonly RolloutPolicy Measured = new()
    {
        Bake = new BakePolicy { For = TimeSpan.FromMinutes(30), Analysis = Backgrounds.Latency },
    };

    [Fact]
    public void Bake_TimeIsOver_Promotes()
    {
        var world = new MachineDriver(Backgrounds.With(HalfAnHour, new SetWeightStep(50)));

        world.Run(TimeSpan.FromMinutes(29));
        Assert.Equal((100, null), (world.Rollout.Applied!.CanaryWeight, world.Rollout.Outcome));
        Assert.Equal(WaitingFor.Analysis, RolloutStatusView.Of(world.Turn).WaitingFor);

        world.Run(TimeSpan.FromMinutes(2));
        Assert.Equal(RolloutOutcome.Promoted, world.Rollout.Outcome);
        Assert.Equal(TimeSpan.FromMinutes(30), world.Rollout.FinishedAt - world.Rollout.BakeStartedAt);
    }

    [Fact]
    public void Bake_OwnWorkload_TheStatusSaysWhatIsWaitedForDuringAndAfterIt()
    {
        var world = new MachineDriver(Releases.With(HalfAnHour, null, new SetWeightStep(50)).WithWorkload());
        world.Pods.StartsIn = TimeSpan.FromSeconds(40);

        world.Run(TimeSpan.FromSeconds(60));
        Assert.Equal(("gets the canary's pods for all traffic", WaitingFor.Readiness), Shown(world));
        world.Run(TimeSpan.FromMinutes(30));
        Assert.Equal(("bakes with all traffic", WaitingFor.Analysis), Shown(world));
        world.Run(TimeSpan.FromSeconds(50));
        Assert.Equal(("updates the stable version behind the canary", WaitingFor.Readiness), Shown(world));
        world.Run(TimeSpan.FromMinutes(1));
        Assert.Equal(RolloutOutcome.Promoted, world.Rollout.Outcome);

        static (string, WaitingFor?) Shown(MachineDriver world) => (RolloutStatusView.Of(world.Turn).Message, RolloutStatusView.Of(world.Turn).WaitingFor);
    }

    [Theory]
    [InlineData(true, "Background analysis phase error/failed: ")]
    [InlineData(false, "Bake analysis phase error/failed: ")]
    public void Bake_AnalysisFails_GoesBack(bool background, string message)
    {
        string value = "[0.1]";
        var world = new MachineDriver(background
            ? Backgrounds.With(HalfAnHour, new SetWeightStep(50))
            : Backgrounds.Templates(Releases.With(Measured, null, new SetWeightStep(50))))
        {
            Measure = _ => value,
        };
        world.Run(TimeSpan.FromMinutes(20));
        Assert.Equal(100, world.Rollout.Applied!.CanaryWeight);

        value = "[2]";
        world.Run(TimeSpan.FromMinutes(1));

        Assert.Equal(RolloutOutcome.RolledBack, world.Rollout.Outcome);
        Assert.StartsWith(message, world.Rollout.Message);
        Assert.Equal(TrafficSplit.None, world.Written[^1]);
    }

    [Fact]
    public void Bake_AnalysisWithoutEnd_SucceedsWithTheBakeTime()
    {
        var world = new MachineDriver(Backgrounds.Templates(Releases.With(Measured, null, new SetWeightStep(50), Releases.ErrorRate)));

        world.Run(TimeSpan.FromMinutes(31));

        Assert.Equal(RolloutOutcome.Promoted, world.Rollout.Outcome);
        Assert.Equal(MeasurementPhase.Successful, world.Rollout.Analysis!.Phase);
        Assert.InRange(world.Rollout.Analysis.Metrics[0].Successful, 60, 61);
    }

    [Fact]
    public void Bake_Inconclusive_AsksAndIsNotOverBeforeTheAnswer()
    {
        string value = "[0.5]";
        var world = new MachineDriver(Backgrounds.Templates(Releases.With(Measured, null, new SetWeightStep(50)))) { Measure = _ => value };
        world.Run(TimeSpan.FromHours(1));
        Assert.Equal(AnalysisSubject.Bake, world.Rollout.Question!.Subject);
        Assert.Null(world.Rollout.Outcome);

        value = "[0.1]";
        world.Decide(Command.Promote, world.Rollout.Question.Id);
        world.Run(TimeSpan.FromMinutes(1));
        Assert.Equal(RolloutOutcome.Promoted, world.Rollout.Outcome);
    }

    [Theory]
    [InlineData(Command.Promote)]
    [InlineData(Command.PromoteFull)]
    public void Bake_PersonPromotes_IsOver(Command command)
    {
        var world = new MachineDriver(Backgrounds.With(HalfAnHour, new SetWeightStep(50)));
        world.Run(TimeSpan.FromMinutes(10));

        world.Decide(command);
        world.Run(TimeSpan.FromMinutes(1));

        Assert.Equal(RolloutOutcome.Promoted, world.Rollout.Outcome);
        Assert.Equal(MeasurementPhase.Successful, world.Rollout.Background!.Phase);
    }

    [Fact]
    public void Bake_PersonAborts_GoesBack()
    {
        var world = new MachineDriver(Backgrounds.With(HalfAnHour, new SetWeightStep(50)));
        world.Run(TimeSpan.FromMinutes(10));

        world.Decide(Command.Abort);
        world.Run(TimeSpan.FromMinutes(1));

        Assert.Equal(RolloutOutcome.Aborted, world.Rollout.Outcome);
        Assert.Equal(TrafficSplit.None, world.Written[^1]);
    }

    [Fact]
    public void PromoteFull_BeforeTheBakeTime_SkipsIt()
    {
        var world = new MachineDriver(Backgrounds.With(HalfAnHour, new SetWeightStep(50), new PauseStep(null)));
        world.Run(TimeSpan.FromMinutes(1));

        world.Decide(Command.PromoteFull);
        world.Run(TimeSpan.FromMinutes(1));

        Assert.Equal(RolloutOutcome.Promoted, world.Rollout.Outcome);
        Assert.DoesNotContain(EventType.BakeStarted, world.Events);
    }

    [Fact]
    public void Bake_PausedByHand_IsNotOverBeforeItIsResumed()
    {
        var world = new MachineDriver(Backgrounds.With(HalfAnHour, new SetWeightStep(50)));
        world.Run(TimeSpan.FromMinutes(10));
        world.Decide(Command.Pause);

        world.Run(TimeSpan.FromHours(1));
        Assert.Null(world.Rollout.Outcome);

        world.Decide(Command.Resume);
        world.Run(TimeSpan.FromMinutes(1));
        Assert.Equal(RolloutOutcome.Promoted, world.Rollout.Outcome);
    }
}
