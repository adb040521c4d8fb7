using Rollouts.Analysis;
using Rollouts.Journal;
using Rollouts.Ledger;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Policy;
using Rollouts.Steps;

namespace Rollouts.Tests.Machine;

public sealed class LedgerTests
{
    [Fact]
    public void Closing_RolledBackByAnalysis_NamesTheTemplateThatFailed()
    {
        var world = new MachineDriver(Releases.With(new SetWeightStep(5), Releases.ErrorRate, new SetWeightStep(100))) { Measure = _ => "[0.2]" };
        world.Run(TimeSpan.FromMinutes(1));
        LedgerRow row = Assert.Single(world.Ledger).Value;
        Assert.Equal(
            (world.Rollout.Id, 1, "shop/checkout", RolloutOutcome.RolledBack, 0),
            (row.RolloutId, row.Attempt, row.Service, row.Outcome, row.Decisions));
        Assert.Equal(["error-rate"], row.Templates);
        Assert.Equal(["error-rate"], row.FailedTemplates);
        Assert.Equal(world.Rollout.Message, row.Message);
        Assert.True(world.Rollout.IsFinished);
    }

    [Theory]
    [InlineData("[0.03]")]
    [InlineData("[]")]
    [InlineData(null)]
    public void Closing_RolledBackByThePolicy_NamesTheTemplateWithoutAVerdict(string? measured)
    {
        UnclearPolicy aborts = new() { Action = UnclearAction.Wait, For = TimeSpan.FromMinutes(1), Then = UnclearAction.Abort };
        RolloutPolicy policy = new() { Inconclusive = aborts, NoData = aborts, Error = aborts };
        var world = new MachineDriver(Releases.With(policy, null, new SetWeightStep(5), Releases.ErrorRate, new SetWeightStep(100))) { Measure = _ => measured };
        world.Run(TimeSpan.FromMinutes(30));
        LedgerRow row = Assert.Single(world.Ledger).Value;
        Assert.Equal(RolloutOutcome.RolledBack, row.Outcome);
        Assert.Equal(["error-rate"], row.FailedTemplates);
    }

    [Fact]
    public void Closing_TwoTemplatesWithAMetricOfOneName_NamesTheOneThatFailed()
    {
        Release release = Releases.With(new SetWeightStep(5), Releases.ErrorRate, new AnalysisStep([new TemplateReference("other", false)], []), new SetWeightStep(100));
        release = release with
        {
            Templates = new Dictionary<string, AnalysisTemplate>(release.Templates) { ["other"] = new() { Name = "other", Metrics = [Releases.Single] } },
        };
        var world = new MachineDriver(release);
        world.Measure = _ => world.Rollout.StepIndex == 2 ? "[0.2]" : "[0]";
        world.Run(TimeSpan.FromMinutes(5));
        LedgerRow row = Assert.Single(world.Ledger).Value;
        Assert.Equal(RolloutOutcome.RolledBack, row.Outcome);
        Assert.Equal(["other"], row.FailedTemplates);
    }

    [Fact]
    public void Closing_Superseded_CountsNoDecisionAndNoAnswer()
    {
        var world = new MachineDriver(Releases.With(new SetWeightStep(5), new PauseStep(null), new PauseStep(null), new SetWeightStep(100)));
        world.Run(TimeSpan.FromSeconds(90));
        world.Decide(Command.Promote);
        world.Run(TimeSpan.FromSeconds(30));
        Assert.NotNull(world.Rollout.Question);
        world.Decide(Command.Supersede, by: "shop.checkout.9876543210");
        world.Run(TimeSpan.FromMinutes(1));
        LedgerRow row = Assert.Single(world.Ledger).Value;
        Assert.Equal((RolloutOutcome.Superseded, 1), (row.Outcome, row.Decisions));
        Assert.Equal([90], row.AnswersTook);
    }

    [Fact]
    public void Closing_AQuestionWasAnswered_SaysHowLongThatTook()
    {
        var world = new MachineDriver(Releases.With(new SetWeightStep(5), new PauseStep(null), new PauseStep(null), new SetWeightStep(100)));
        world.Run(TimeSpan.FromSeconds(90));
        world.Decide(Command.Resume);
        world.Decide(Command.Promote);
        world.Run(TimeSpan.FromMinutes(10));
        world.Decide(Command.Promote);
        world.Run(TimeSpan.FromMinutes(1));
        LedgerRow row = Assert.Single(world.Ledger).Value;
        Assert.Equal(RolloutOutcome.Promoted, row.Outcome);
        // The resume was refused, and counts for nothing.
        Assert.Equal(2, row.Decisions);
        Assert.Equal([90, 600], row.AnswersTook);
        Assert.Empty(row.FailedTemplates);
    }

    [Fact]
    public void Closing_ARetry_HasARowOfItsOwn()
    {
        var world = new MachineDriver(Releases.With(new SetWeightStep(5), new PauseStep(null), new SetWeightStep(100)));
        world.Run(TimeSpan.FromSeconds(30));
        world.Decide(Command.Abort);
        world.Run(TimeSpan.FromMinutes(1));
        world.Decide(Command.Retry);
        world.Run(TimeSpan.FromSeconds(30));
        world.Decide(Command.PromoteFull);
        world.Run(TimeSpan.FromMinutes(1));
        Assert.Equal([RolloutOutcome.Aborted, RolloutOutcome.Promoted], world.Ledger.Values.Select(r => r.Outcome));
        Assert.Equal([1, 2], world.Ledger.Values.Select(r => r.Decisions));
        Assert.Equal([30], world.Ledger[1].AnswersTook);
        Assert.Equal([30], world.Ledger[2].AnswersTook);
    }

    [Fact]
    public void Closing_TheLedgerIsAway_TriesAgainAndClosesTheJournalAfterwards()
    {
        int tried = 0;
        var world = new MachineDriver(Releases.With(new SetWeightStep(100)));
        world.Answer = e => e is RecordLedger && ++tried < 5 ? new EffectFailed(e, FailureKind.Transient, "away") : null;
        world.Run(TimeSpan.FromSeconds(3));
        Assert.False(world.Rollout.IsFinished);
        world.Run(TimeSpan.FromMinutes(5));
        Assert.True(world.Rollout.IsFinished);
        Assert.Equal(5, tried);
        Assert.Equal(1, world.Rollout.LedgeredAttempt);
    }

    [Fact]
    public void Closing_TheLedgerStaysAway_EndsAllTheSame()
    {
        var world = new MachineDriver(Releases.With(new SetWeightStep(100)));
        world.Answer = e => e is RecordLedger ? new EffectFailed(e, FailureKind.Transient, "away") : null;
        world.Run(RolloutMachine.ClosingDeadline + TimeSpan.FromMinutes(1));
        Assert.True(world.Rollout.IsFinished);
        Assert.Empty(world.Ledger);
    }

    [Fact]
    public void Closing_AnInvalidRelease_IsNoDeployment()
    {
        var world = new MachineDriver(Releases.Article()) { Answer = e => e is InspectWorkload ? new EffectFailed(e, FailureKind.NotFound, "no service") : null };
        world.Run(TimeSpan.FromMinutes(1));
        Assert.Equal(RolloutOutcome.Invalid, world.Rollout.Outcome);
        Assert.True(world.Rollout.IsFinished);
        Assert.Empty(world.Ledger);
    }
}
