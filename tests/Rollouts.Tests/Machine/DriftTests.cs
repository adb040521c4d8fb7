using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Policy;
using Rollouts.Steps;
using Rollouts.Traffic;

namespace Rollouts.Tests.Machine;

/// <summary>What others write to the target of a rollout.</summary>
public sealed class DriftTests
{
    private static readonly TrafficSplit s_byHand = new(60, []);

    private TrafficSplit? there;

    [Fact]
    public void Drift_Default_IsToldAndPutBack()
    {
        MachineDriver world = Waiting(DriftAction.Restore);
        there = s_byHand;
        int before = world.Written.Count;

        world.Run(TimeSpan.FromMinutes(6));

        Assert.Equal([new TrafficSplit(5, [])], world.Written.Skip(before));
        Assert.Equal(
            "Somebody else has changed the traffic: weight 5 was written, weight 60 is there; it is put back",
            Assert.Single(world.Journal, e => e.Type == EventType.TrafficDrift).Message);
        Assert.Contains(world.Journal, e => e.Message == "Traffic weight updated from 60 to 5");
    }

    [Fact]
    public void Drift_BeforeAChange_IsFoundByTheLookBeforeIt()
    {
        MachineDriver world = Driver(Releases.With(new SetWeightStep(5), new PauseStep(TimeSpan.FromMinutes(2)), new SetWeightStep(25), new PauseStep(null)), DriftAction.Restore);
        world.Settle();
        there = s_byHand;

        world.Run(TimeSpan.FromMinutes(3));

        Assert.Single(world.Journal, e => e.Type == EventType.TrafficDrift);
        Assert.Equal([5, 5, 25], world.Written.Select(w => w.CanaryWeight));
    }

    [Fact]
    public void Drift_Adopt_IsTakenUntilTheNextStep()
    {
        MachineDriver world = Driver(Releases.With(new SetWeightStep(5), new PauseStep(TimeSpan.FromMinutes(12)), new SetWeightStep(25), new PauseStep(null)), DriftAction.Adopt);
        world.Settle();
        there = s_byHand;

        world.Run(TimeSpan.FromMinutes(11));
        Assert.Equal(60, world.Rollout.Desired.CanaryWeight);
        Assert.Equal([5], world.Written.Select(w => w.CanaryWeight));

        world.Run(TimeSpan.FromMinutes(5));
        Assert.Equal([5, 25], world.Written.Select(w => w.CanaryWeight));
    }

    [Fact]
    public void Drift_Ask_HoldsUntilAPersonAnswers()
    {
        MachineDriver world = Waiting(DriftAction.Ask, TimeSpan.FromMinutes(8));
        there = s_byHand;
        world.Run(TimeSpan.FromMinutes(20));

        Assert.Equal(QuestionKind.Drift, world.Rollout.Question?.Kind);
        Assert.Equal([5], world.Written.Select(w => w.CanaryWeight));

        world.Decide(Command.Promote);
        Assert.Null(world.Rollout.Drift);
        Assert.Contains(world.Journal, e => e.Message == "Traffic weight updated from 5 to 60");
        Assert.Equal(25, world.Written[^1].CanaryWeight);
    }

    [Fact]
    public void Drift_AskAndAbort_TakesEverything()
    {
        MachineDriver world = Waiting(DriftAction.Ask);
        there = s_byHand;
        world.Run(TimeSpan.FromMinutes(6));

        world.Decide(Command.Abort);

        Assert.Equal(TrafficSplit.None, world.Written[^1]);
        Assert.Equal(RolloutOutcome.Aborted, world.Rollout.Outcome);
    }

    [Fact]
    public void Drift_OfTheLastAttempt_IsNotAskedAboutAfterARetry()
    {
        MachineDriver world = Waiting(DriftAction.Ask);
        there = s_byHand;
        world.Run(TimeSpan.FromMinutes(6));
        world.Decide(Command.Abort);
        Assert.Null(world.Rollout.Drift);

        world.Decide(Command.Retry);

        Assert.Equal((2, QuestionKind.Pause), (world.Rollout.Attempt, world.Rollout.Question?.Kind));
        world.Decide(Command.Promote);
        Assert.Equal([5, 0, 0, 5, 25], world.Written.Select(w => w.CanaryWeight));
    }

    [Fact]
    public void Drift_OfAnEarlierAttemptStored_IsGoneAfterARetry()
    {
        MachineDriver world = Waiting(DriftAction.Ask);
        world.Decide(Command.Abort);
        Rollout stored = world.Rollout with { Drift = s_byHand, LookWantedSince = world.Now };

        Rollout retried = RolloutMachine.Advance(
            stored, [new DecisionRead(stored.LastDecision + 1, new Decision { Id = "again", Command = Command.Retry, By = "jo", At = world.Now })], world.Now).Rollout;

        Assert.Equal(2, retried.Attempt);
        Assert.Null(retried.Drift);
        Assert.Null(retried.LookWantedSince);
    }

    [Fact]
    public void Drift_WhileARollbackDoesNotGetThrough_IsWrittenOver()
    {
        MachineDriver world = Waiting(DriftAction.Ask);
        int refused = 0;
        Func<Effect, Observation?> cluster = world.Answer;
        world.Answer = e => e is RouteTraffic && refused++ < 5 ? new EffectFailed(e, FailureKind.Transient, "503") : cluster(e);
        there = s_byHand;
        world.Decide(Command.Abort);

        world.Run(TimeSpan.FromMinutes(20));

        Assert.Equal(TrafficSplit.None, world.Written[^1]);
        Assert.Equal(RolloutOutcome.Aborted, world.Rollout.Outcome);
        Assert.Null(world.Rollout.Drift);
    }

    [Fact]
    public void Drift_AskAndPutRightByHand_IsWithdrawn()
    {
        MachineDriver world = Waiting(DriftAction.Ask);
        there = s_byHand;
        world.Run(TimeSpan.FromMinutes(6));
        Assert.NotNull(world.Rollout.Question);
        there = new TrafficSplit(5, []);

        world.Run(TimeSpan.FromMinutes(6));

        Assert.Equal(QuestionKind.Pause, world.Rollout.Question?.Kind);
        Assert.Null(world.Rollout.Drift);
        Assert.Contains(EventType.QuestionWithdrawn, world.Events);
    }

    [Fact]
    public void Claim_OwnerIsSilent_TakesBackWhatItLeftAndGoesOn()
    {
        MachineDriver world = Driver(Releases.With(new SetWeightStep(5), new PauseStep(null)), DriftAction.Restore);
        world.Answer = e => e is ClaimTarget ? new TargetClaimed(new TrafficSplit(40, []), "shop.checkout.gone") : null;

        world.Settle();

        Assert.Equal([0, 5], world.Written.Select(w => w.CanaryWeight));
        Assert.Equal(
            "The target is taken over from shop.checkout.gone, which has not been heard of for 30m; it left weight 40",
            Assert.Single(world.Journal, e => e.Type == EventType.TargetTakenOver).Message);
    }

    [Fact]
    public void Claim_ToldTwice_IsOnRecordOnce()
    {
        TargetClaimed taken = new(new TrafficSplit(40, []), "shop.checkout.gone");
        DateTimeOffset now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        Turn turn = RolloutMachine.Start(Releases.With(new SetWeightStep(5), new PauseStep(null)), "id", "jo", now);
        turn = RolloutMachine.Advance(turn.Rollout, [new WorkloadInspected("stable", "canary"), taken], now);

        turn = RolloutMachine.Advance(turn.Rollout, [taken], now);

        Assert.Single(turn.Effects.OfType<AppendJournal>().SelectMany(a => a.Entries), e => e.Type == EventType.TargetTakenOver);
        Assert.NotEqual(RolloutOutcome.Invalid, turn.Rollout.Outcome);
    }

    [Fact]
    public void Claim_OwnerIsSilentAndItsCanaryHasEverything_IsLeftToAPerson()
    {
        MachineDriver world = Driver(Releases.With(new SetWeightStep(5), new PauseStep(null)), DriftAction.Restore);
        world.Answer = e => e is ClaimTarget ? new TargetClaimed(new TrafficSplit(100, []), "shop.checkout.gone") : null;

        world.Settle();

        Assert.Empty(world.Written);
        Assert.Equal(RolloutOutcome.Invalid, world.Rollout.Outcome);
    }

    [Fact]
    public void Look_WhileARollbackDoesNotGetThrough_KeepsTheLease()
    {
        MachineDriver world = Waiting(DriftAction.Restore);
        int looks = 0;
        world.Answer = e =>
        {
            looks += e is InspectTraffic ? 1 : 0;
            return e is RouteTraffic ? new EffectFailed(e, FailureKind.Transient, "the gateway does not answer") : null;
        };
        world.Decide(Command.Abort);

        world.Run(TimeSpan.FromMinutes(31));

        Assert.InRange(looks, 5, 8);
        Assert.Equal(RolloutStage.RollingBack, world.Rollout.Stage);
    }

    [Fact]
    public void Look_TargetTakenOver_EndsWithoutWriting()
    {
        MachineDriver world = Waiting(DriftAction.Restore);
        world.Answer = e => e is InspectTraffic ? new EffectFailed(e, FailureKind.Owned, "owned by shop.checkout.other") : null;

        world.Run(TimeSpan.FromMinutes(6));

        Assert.Equal(RolloutOutcome.Aborted, world.Rollout.Outcome);
        Assert.Equal([5], world.Written.Select(w => w.CanaryWeight));
    }

    [Fact]
    public void Look_KeepsFailing_HoldsNoChangeForLong()
    {
        MachineDriver world = Driver(Releases.With(new SetWeightStep(5), new PauseStep(TimeSpan.FromMinutes(2)), new SetWeightStep(25), new PauseStep(null)), DriftAction.Restore);
        world.Answer = e => e is InspectTraffic ? new EffectFailed(e, FailureKind.Transient, "503") : null;

        world.Run(TimeSpan.FromMinutes(4));

        Assert.Equal([5, 25], world.Written.Select(w => w.CanaryWeight));
    }

    [Fact]
    public void Look_StoredByAnEarlierBuild_IsNotWantedAtOnce()
    {
        MachineDriver world = Waiting(DriftAction.Restore);
        Turn turn = RolloutMachine.Advance(world.Rollout with { TrafficSeenAt = null }, [], world.Now);

        Assert.DoesNotContain(turn.Effects, e => e is InspectTraffic);
    }

    private MachineDriver Waiting(DriftAction action, TimeSpan? pause = null)
    {
        MachineDriver world = Driver(Releases.With(new SetWeightStep(5), new PauseStep(pause), new SetWeightStep(25), new PauseStep(null)), action);
        world.Settle();
        return world;
    }

    /// <summary>A cluster in which somebody else may have written something; a write of ours replaces it.</summary>
    private MachineDriver Driver(Release release, DriftAction action)
    {
        var world = new MachineDriver(release with { Policy = release.Policy with { Drift = action } });
        world.Answer = effect =>
        {
            if (effect is RouteTraffic)
            {
                there = null;
            }

            return effect is InspectTraffic look && there is { } found ? new TrafficInspected(found, look.Revision) : null;
        };
        return world;
    }
}
