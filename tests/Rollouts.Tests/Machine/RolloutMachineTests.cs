using Rollouts.Analysis;
using Rollouts.Engine;
using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Policy;
using Rollouts.Steps;
using Rollouts.Traffic;

namespace Rollouts.Tests.Machine;

public sealed class RolloutMachineTests
{
    private static readonly MetricTemplate Repeated = Releases.Single with { Interval = "1m", Count = "5", FailureLimit = "2" };

    [Fact]
    public void Start_HealthyCanary_IsPromotedThroughEveryStep()
    {
        var world = new MachineDriver(Releases.Article());
        world.Run(TimeSpan.FromMinutes(20));

        Assert.Equal(RolloutOutcome.Promoted, world.Rollout.Outcome);
        Assert.True(world.Rollout.IsFinished);
        Assert.Equal([0, 5, 25, 100, 100], world.Written.Select(s => s.CanaryWeight));
        Assert.Equal([1, 1, 1, 1, 0], world.Written.Select(s => s.HeaderRoutes.Count));
        Assert.Equal(TimeSpan.FromMinutes(15), world.Rollout.FinishedAt - world.Rollout.StartedAt);
        Assert.Equal(Enumerable.Range(1, world.Journal.Count), world.Journal.Select(e => e.Number));
    }

    [Fact]
    public void Analysis_ClearFailure_RollsBackInTheTurnOfTheMeasurement()
    {
        var world = new MachineDriver(Releases.Article()) { Measure = _ => "[0.2]" };
        world.Run(TimeSpan.FromMinutes(20));

        Assert.Equal(RolloutOutcome.RolledBack, world.Rollout.Outcome);
        Assert.Equal(RolloutPhase.Degraded, RolloutStatusView.PhaseOf(world.Rollout));
        Assert.Equal(TrafficSplit.None, world.Written[^1]);
        Assert.Equal(
            "Step-based analysis phase error/failed: Metric \"error-rate\" assessed Failed due to failed (1) > failureLimit (0)",
            world.Rollout.Message);
        Assert.Equal(TimeSpan.FromMinutes(5), world.Rollout.FinishedAt - world.Rollout.StartedAt);
    }

    [Fact]
    public void Analysis_FailureLimit_TwoFailuresAreForgivenTheThirdIsNot()
    {
        var world = new MachineDriver(Releases.Article(metric: Repeated)) { Measure = t => t.Number is 1 or 3 ? "[0.2]" : "[0]" };
        world.Run(TimeSpan.FromMinutes(30));
        Assert.Equal(RolloutOutcome.Promoted, world.Rollout.Outcome);

        world = new MachineDriver(Releases.Article(metric: Repeated)) { Measure = t => t.Number is 1 or 3 or 4 ? "[0.2]" : "[0]" };
        world.Run(TimeSpan.FromMinutes(30));
        Assert.Equal(RolloutOutcome.RolledBack, world.Rollout.Outcome);
        Assert.Contains("failed (3) > failureLimit (2)", world.Rollout.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Analysis_Inconclusive_AsksAndHoldsTheWeight()
    {
        var world = new MachineDriver(Releases.Article()) { Measure = _ => "[0.03]" };
        world.Run(TimeSpan.FromHours(2));

        RolloutStatus status = RolloutStatusView.Of(world.Turn);
        Assert.Equal(RolloutPhase.Paused, status.Phase);
        Assert.Equal(WaitingFor.Decision, status.WaitingFor);
        Assert.Equal(QuestionKind.Inconclusive, status.Question?.Kind);
        Assert.Equal(5, status.Weight);

        world.Decide(Command.Promote, "q1");
        world.Run(TimeSpan.FromHours(1));
        Assert.Equal(RolloutOutcome.Promoted, world.Rollout.Outcome);
    }

    [Fact]
    public void Question_NobodyAnswers_AbortsAfterADay()
    {
        var world = new MachineDriver(Releases.Article()) { Measure = _ => "[0.03]" };
        world.Run(TimeSpan.FromHours(25));

        Assert.Equal(RolloutOutcome.Aborted, world.Rollout.Outcome);
        Assert.Equal(TimeSpan.FromMinutes(5) + TimeSpan.FromHours(24), world.Rollout.FinishedAt - world.Rollout.StartedAt);
        Assert.Contains(EventType.QuestionExpired, world.Events);
    }

    [Fact]
    public void Question_AnswerToAClosedOne_IsRejectedAndOnRecord()
    {
        var world = new MachineDriver(Releases.Article()) { Measure = _ => "[0.03]" };
        world.Run(TimeSpan.FromMinutes(6));
        world.Decide(Command.Promote, "q7");

        Assert.Equal(3, world.Rollout.StepIndex);
        Assert.Contains(world.Journal, e => e is { Type: EventType.DecisionRejected, DecisionId: "d1", By: "jo" });
    }

    [Fact]
    public void Analysis_PrometheusAwayForAWhile_HoldsAndThenGoesOn()
    {
        DateTimeOffset? back = null;
        var world = new MachineDriver(Releases.Article(metric: Repeated));
        world.Measure = _ => world.Now < (back ??= world.Now.AddMinutes(9)) ? null : "[0]";
        world.Run(TimeSpan.FromHours(1));

        Assert.Equal(RolloutOutcome.Promoted, world.Rollout.Outcome);
        Assert.DoesNotContain(EventType.QuestionAsked, world.Events);
        Assert.All(world.Written, s => Assert.True(s.CanaryWeight > 0 || s.HeaderRoutes.Count > 0));
    }

    [Theory]
    [InlineData(null, QuestionKind.Error)]
    [InlineData("[]", QuestionKind.NoData)]
    [InlineData("[NaN]", QuestionKind.NoData)]
    public void Analysis_NothingForTenMinutes_AsksAndWithdrawsWhenDataIsBack(string? value, QuestionKind kind)
    {
        var world = new MachineDriver(Releases.Article(metric: Repeated)) { Measure = _ => value };
        world.Run(TimeSpan.FromMinutes(14));
        Assert.Null(world.Rollout.Question);

        world.Run(TimeSpan.FromMinutes(2));
        Assert.Equal(kind, world.Rollout.Question?.Kind);
        Assert.Equal(5, world.Written[^1].CanaryWeight);

        world.Measure = _ => "[0]";
        world.Run(TimeSpan.FromMinutes(1));
        Assert.Null(world.Rollout.Question);
        Assert.Contains(EventType.QuestionWithdrawn, world.Events);
        world.Run(TimeSpan.FromHours(1));
        Assert.Equal(RolloutOutcome.Promoted, world.Rollout.Outcome);
    }

    [Fact]
    public void Analysis_ArgoCompatibility_FiveErrorsInARowRollBackAfterFortySeconds()
    {
        var world = new MachineDriver(Releases.Article(RolloutPolicy.Argo, Repeated)) { Measure = _ => null };
        world.Run(TimeSpan.FromHours(1));

        Assert.Equal(RolloutOutcome.RolledBack, world.Rollout.Outcome);
        Assert.Contains("consecutiveErrors (5) > consecutiveErrorLimit (4)", world.Rollout.Message, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(340), world.Rollout.FinishedAt - world.Rollout.StartedAt);
    }

    [Theory]
    [InlineData(UnclearAction.Abort, RolloutOutcome.RolledBack)]
    [InlineData(UnclearAction.Continue, RolloutOutcome.Promoted)]
    public void Analysis_InconclusivePolicy_IsFollowed(UnclearAction action, RolloutOutcome outcome)
    {
        RolloutPolicy policy = new() { Inconclusive = new() { Action = action } };
        var world = new MachineDriver(Releases.Article(policy)) { Measure = _ => "[0.03]" };
        world.Run(TimeSpan.FromHours(1));
        Assert.Equal(outcome, world.Rollout.Outcome);
    }

    [Fact]
    public void Analysis_InconclusiveWaits_RepeatsTheRunThenAsks()
    {
        RolloutPolicy policy = new() { Inconclusive = new() { Action = UnclearAction.Wait, For = TimeSpan.FromMinutes(3) } };
        var world = new MachineDriver(Releases.Article(policy)) { Measure = _ => "[0.03]" };
        world.Run(TimeSpan.FromMinutes(9));

        Assert.Equal(QuestionKind.Inconclusive, world.Rollout.Question?.Kind);
        Assert.InRange(world.Rollout.RunsStarted, 15, 20);
    }

    [Fact]
    public void Abort_DuringAPause_TakesTheTrafficInTheSameTurn()
    {
        var world = new MachineDriver(Releases.Article());
        world.Run(TimeSpan.FromMinutes(1));
        Turn turn = RolloutMachine.Advance(
            world.Rollout,
            [new DecisionRead(1, new Decision { Id = "a", Command = Command.Abort, By = "jo", At = world.Now })],
            world.Now);

        RouteTraffic first = Assert.IsType<RouteTraffic>(turn.Effects.OrderBy(e => e.Order).First());
        Assert.Equal(TrafficSplit.None, first.Split);
        Assert.All(turn.Effects.Where(e => e != first), e => Assert.True(e.Order > first.Order));
    }

    [Fact]
    public void Retry_AfterAnAbort_BeginsAtStepZero()
    {
        var world = new MachineDriver(Releases.Article());
        world.Run(TimeSpan.FromMinutes(6));
        world.Decide(Command.Abort);
        Assert.Equal(RolloutOutcome.Aborted, world.Rollout.Outcome);
        Assert.True(world.Rollout.IsFinished);

        world.Decide(Command.Retry);
        world.Run(TimeSpan.FromHours(1));
        Assert.Equal(RolloutOutcome.Promoted, world.Rollout.Outcome);
        Assert.Equal(2, world.Rollout.Attempt);
        Assert.Equal([0, 5, 25, 0, 0, 0, 5, 25, 100, 100], world.Written.Select(s => s.CanaryWeight));
    }

    [Fact]
    public void Pause_ByHand_HoldsUntilResumedAndAFailureStillRollsBack()
    {
        var world = new MachineDriver(Releases.Article(metric: Repeated));
        world.Run(TimeSpan.FromMinutes(1));
        world.Decide(Command.Pause);
        world.Run(TimeSpan.FromMinutes(30));
        Assert.Equal(2, world.Rollout.StepIndex);
        Assert.Equal(RolloutPhase.Paused, RolloutStatusView.PhaseOf(world.Rollout));

        world.Decide(Command.Resume);
        Assert.Equal(3, world.Rollout.StepIndex);
        world.Decide(Command.Pause);
        world.Measure = _ => "[0.9]";
        world.Run(TimeSpan.FromMinutes(10));
        Assert.Equal(RolloutOutcome.RolledBack, world.Rollout.Outcome);
    }

    [Fact]
    public void PromoteFull_InTheFirstPause_GivesTheCanaryEverything()
    {
        var world = new MachineDriver(Releases.Article());
        world.Run(TimeSpan.FromMinutes(1));
        world.Decide(Command.PromoteFull);
        Assert.Equal(RolloutOutcome.Promoted, world.Rollout.Outcome);
        Assert.Equal(new TrafficSplit(100, []), world.Written[^1]);
    }

    [Fact]
    public void IndefinitePause_AsksAndPromoteEndsIt()
    {
        var world = new MachineDriver(Releases.With(new SetWeightStep(10), new PauseStep(null)));
        world.Run(TimeSpan.FromHours(3));
        Assert.Equal(QuestionKind.Pause, world.Rollout.Question?.Kind);
        world.Decide(Command.Promote);
        Assert.Equal(RolloutOutcome.Promoted, world.Rollout.Outcome);
    }

    [Fact]
    public void IndefinitePause_ArgoCompatibility_NeverEndsByItself()
    {
        var world = new MachineDriver(Releases.With(RolloutPolicy.Argo, null, new PauseStep(null)));
        world.Run(TimeSpan.FromDays(30));
        // It wakes only to look what others have done to its target.
        Assert.Equal(world.Rollout.TrafficSeenAt + TimeSpan.FromMinutes(5), world.Turn.WakeAt);
        Assert.Null(world.Rollout.Outcome);
    }

    [Fact]
    public void RouteTraffic_KeepsFailing_IsTriedAgainAndAtLastRolledBack()
    {
        var world = new MachineDriver(Releases.Article())
        {
            Answer = e => e is RouteTraffic { Split.CanaryWeight: 25 } ? new EffectFailed(e, FailureKind.Transient, "503 from the API server") : null,
        };
        world.Run(TimeSpan.FromMinutes(14));
        Assert.Null(world.Rollout.Outcome);
        Assert.Equal(WaitingFor.Readiness, RolloutStatusView.Of(world.Turn).WaitingFor);
        world.Run(TimeSpan.FromMinutes(10));
        Assert.Equal(RolloutOutcome.Aborted, world.Rollout.Outcome);
        Assert.Contains("503 from the API server", world.Rollout.Message, StringComparison.Ordinal);
        Assert.Equal(TrafficSplit.None, world.Written[^1]);
    }

    [Fact]
    public void RouteTraffic_ReadBackDiffers_IsNotTakenAsDone()
    {
        var world = new MachineDriver(Releases.Article())
        {
            Answer = e => e is RouteTraffic { Split.CanaryWeight: 5 } route ? new TrafficRouted(route.Split with { CanaryWeight = 3 }, route.Revision) : null,
        };
        world.Run(TimeSpan.FromMinutes(5));
        Assert.Equal(1, world.Rollout.StepIndex);
        Assert.Contains("wrote weight 5", RolloutStatusView.Of(world.Turn).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RouteTraffic_TargetTakenOver_EndsWithoutWriting()
    {
        var world = new MachineDriver(Releases.Article())
        {
            Answer = e => e is RouteTraffic { Split.CanaryWeight: 25 } ? new EffectFailed(e, FailureKind.Owned, "owned by shop.checkout.other") : null,
        };
        world.Run(TimeSpan.FromMinutes(30));
        Assert.Equal(RolloutOutcome.Aborted, world.Rollout.Outcome);
        Assert.Equal(25, world.Written[^1].CanaryWeight);
    }

    [Theory]
    [InlineData(FailureKind.Owned)]
    [InlineData(FailureKind.NotFound)]
    [InlineData(FailureKind.Invalid)]
    public void Start_TargetNotUsable_IsInvalidAndNothingIsWritten(FailureKind kind)
    {
        var world = new MachineDriver(Releases.Article())
        {
            Answer = e => e is ClaimTarget ? new EffectFailed(e, kind, "not usable") : null,
        };
        world.Run(TimeSpan.FromMinutes(1));
        Assert.Equal(RolloutOutcome.Invalid, world.Rollout.Outcome);
        Assert.True(world.Rollout.IsFinished);
        Assert.Empty(world.Written);
    }

    [Fact]
    public void Start_CanaryAlreadyHasTraffic_IsInvalidAndLeavesIt()
    {
        var world = new MachineDriver(Releases.Article())
        {
            Answer = e => e is ClaimTarget ? new TargetClaimed(new TrafficSplit(100, [])) : null,
        };
        world.Run(TimeSpan.FromMinutes(1));
        Assert.Equal(RolloutOutcome.Invalid, world.Rollout.Outcome);
        Assert.Contains("weight 100", world.Rollout.Message, StringComparison.Ordinal);
        Assert.Empty(world.Written);
    }

    [Fact]
    public void Closing_UnreadDecision_IsAnsweredBeforeTheEnd()
    {
        bool first = true;
        var world = new MachineDriver(Releases.With(new SetWeightStep(100)));
        world.Answer = e =>
        {
            if (e is not CloseJournal || !first)
            {
                return null;
            }

            first = false;
            return new JournalClosed(false);
        };
        world.Settle();
        Assert.False(world.Rollout.IsFinished);
        world.Decide(Command.Abort);
        world.Run(TimeSpan.FromMinutes(1));
        Assert.True(world.Rollout.IsFinished);
        Assert.Equal(RolloutOutcome.Promoted, world.Rollout.Outcome);
        Assert.Contains(world.Journal, e => e.Type == EventType.DecisionRejected && e.Message.Contains("already finished: Promoted", StringComparison.Ordinal));
    }

    [Fact]
    public void Measurement_OfAnOldRunOrNumber_ChangesNothing()
    {
        var world = new MachineDriver(Releases.Article(metric: Repeated));
        world.Run(TimeSpan.FromMinutes(6));
        Measurement bad = new() { StartedAt = world.Now, FinishedAt = world.Now, Phase = MeasurementPhase.Failed, Value = "[1]" };
        Turn turn = RolloutMachine.Advance(
            world.Rollout,
            [new MeasurementTaken("run-0", "error-rate", 3, bad), new MeasurementTaken("run-1", "error-rate", 1, bad)],
            world.Now);
        Assert.Equal(0, turn.Rollout.Analysis!.Metrics[0].Failed);
    }
}
