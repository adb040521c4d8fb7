using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Policy;
using Rollouts.Steps;

namespace Rollouts.Tests.Machine;

/// <summary>While a person is asked about an inconclusive analysis, measuring goes on.</summary>
public sealed class RepeatedAnalysisTests
{
    [Fact]
    public void Question_AnalysisFailsMeanwhile_RollsBack()
    {
        string value = "[0.03]";
        var world = new MachineDriver(Releases.With(new SetWeightStep(5), Releases.ErrorRate)) { Measure = _ => value };
        world.Run(TimeSpan.FromMinutes(5));
        Assert.NotNull(world.Rollout.Question);

        value = "[0.2]";
        world.Run(TimeSpan.FromMinutes(1));

        Assert.Equal(RolloutOutcome.RolledBack, world.Rollout.Outcome);
        Assert.StartsWith("Step-based analysis phase error/failed: Metric \"error-rate\" assessed Failed", world.Rollout.Message);
    }

    [Fact]
    public void Question_AnalysisSucceedsMeanwhile_ShowsItAndLeavesTheAnswerToThePerson()
    {
        string value = "[0.03]";
        var world = new MachineDriver(Releases.With(new SetWeightStep(5), Releases.ErrorRate, new SetWeightStep(25))) { Measure = _ => value };
        world.Run(TimeSpan.FromMinutes(5));
        Question asked = world.Rollout.Question!;

        value = "[0.001]";
        world.Run(TimeSpan.FromHours(2));

        Assert.Equal(asked.Id, world.Rollout.Question!.Id);
        Assert.EndsWith(": Successful", world.Rollout.Question.Latest);
        Assert.Equal(5, world.Rollout.Applied!.CanaryWeight);
        world.Decide(Command.Promote, asked.Id);
        world.Run(TimeSpan.FromMinutes(1));
        Assert.Equal(RolloutOutcome.Promoted, world.Rollout.Outcome);
    }

    [Fact]
    public void Question_IsRepeatedOncePerMinute_AndIsOneQuestion()
    {
        var world = new MachineDriver(Releases.With(new SetWeightStep(5), Releases.ErrorRate)) { Measure = _ => "[0.03]" };

        world.Run(TimeSpan.FromMinutes(60));

        Assert.Equal(1, world.Journal.Count(e => e.Type == EventType.QuestionAsked));
        Assert.Equal(1, world.Journal.Count(e => e.Type == EventType.AnalysisRunRunning));
        Assert.InRange(world.Journal.Count(e => e.Type == EventType.Measured), 60, 61);
    }

    [Fact]
    public void Question_NoDataMeanwhile_StaysTheSame()
    {
        string value = "[0.03]";
        var world = new MachineDriver(Releases.With(new SetWeightStep(5), Releases.ErrorRate)) { Measure = _ => value };
        world.Run(TimeSpan.FromMinutes(5));

        value = "[]";
        world.Run(TimeSpan.FromHours(1));

        Assert.Equal(("q1", QuestionKind.Inconclusive), (world.Rollout.Question!.Id, world.Rollout.Question.Kind));
    }

    [Fact]
    public void Question_ByArgosPolicy_IsNotRepeated()
    {
        string value = "[0.03]";
        var world = new MachineDriver(Releases.With(RolloutPolicy.Argo, null, new SetWeightStep(5), Releases.ErrorRate)) { Measure = _ => value };
        world.Run(TimeSpan.FromMinutes(5));

        value = "[0.2]";
        world.Run(TimeSpan.FromHours(5));

        Assert.Null(world.Rollout.Outcome);
        Assert.Equal(1, world.Journal.Count(e => e.Type == EventType.Measured));
    }
}
