using System.Text.Json;
using CsCheck;
using Rollouts.Analysis;
using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Policy;
using Rollouts.Steps;
using Rollouts.Traffic;

namespace Rollouts.Tests.Machine;

/// <summary>The invariants of the design, each over random sequences of observations.</summary>
public sealed class InvariantTests
{
    private const long Sequences = 10_000;

    [Fact]
    public void Invariant1_AfterAnAbort_NothingRaisesTheWeightAndTheLastWriteTakesEverything() => Check(world =>
    {
        bool aborted = false;
        TrafficSplit? last = null;
        foreach (TakenTurn turn in world.Turns)
        {
            bool underWay = turn.Before.Rollout.Stage is RolloutStage.Preparing or RolloutStage.Stepping or RolloutStage.Promoting;
            aborted |= underWay && turn.After.Rollout.Stage is RolloutStage.RollingBack;
            aborted &= turn.After.Rollout.Attempt == turn.Before.Rollout.Attempt;
            foreach (RouteTraffic route in turn.After.Effects.OfType<RouteTraffic>())
            {
                last = route.Split;
                if (aborted && !route.Split.Equals(TrafficSplit.None))
                {
                    return false;
                }
            }
        }

        return !aborted || last is null || last.Equals(TrafficSplit.None);
    });

    [Fact]
    public void Invariant1_Abort_IsAnsweredInTheSameTurn() => Check(world => world.Turns.TrueForAll(turn =>
        !turn.FreshCommands.Contains(Command.Abort)
        || turn.Observations.OfType<DecisionRead>().Any(d => d.Decision.Question is not null)
        || turn.After.Rollout.Stage is RolloutStage.RollingBack or RolloutStage.Closing or RolloutStage.Finished
        || turn.After.Rollout.Attempt > turn.Before.Rollout.Attempt));

    [Fact]
    public void Invariant2_Weight_NeverPassesAnAnalysisThatHasNotSucceeded() => Check(world =>
    {
        HashSet<int> passed = [];
        HashSet<string> measured = [];
        foreach (TakenTurn turn in world.Turns)
        {
            // The verdict may come a turn later: while a drift is put back, no step ends.
            measured.UnionWith(turn.Observations.OfType<MeasurementTaken>().Select(m => m.Run));
            Rollout before = turn.Before.Rollout, after = turn.After.Rollout;
            if (after.Attempt > before.Attempt)
            {
                passed.Clear();
                passed.UnionWith(Enumerable.Range(0, after.StepIndex));
            }

            foreach (JournalEntry entry in after.Unrecorded.Where(e => e.Number > before.EntriesWritten))
            {
                if (entry is { Type: EventType.DecisionApplied, Message: var m } && m.StartsWith("promote-full", StringComparison.Ordinal)
                    && turn.FreshCommands.Contains(Command.PromoteFull))
                {
                    passed.UnionWith(Enumerable.Range(0, after.Release.Steps.Count));
                }
                else if (entry is { Type: EventType.DecisionApplied, Step: { } skipped } && turn.FreshCommands.Contains(Command.Promote))
                {
                    passed.Add(skipped);
                }
                else if (entry is { Type: EventType.AnalysisRunSuccessful, Step: { } analysed }
                    && measured.Contains(before.Analysis?.Id ?? ""))
                {
                    passed.Add(analysed);
                }
                else if (entry is { Type: EventType.ContinuedByPolicy, Step: { } continued } && MayContinue(after.Release.Policy))
                {
                    passed.Add(continued);
                }
            }

            foreach (RouteTraffic route in turn.After.Effects.OfType<RouteTraffic>())
            {
                int firstBlocked = FirstBlocked(after.Release, passed);
                int allowed = firstBlocked == after.Release.Steps.Count
                    ? 100
                    : after.Release.Steps.Take(firstBlocked).OfType<SetWeightStep>().Select(s => s.Weight).DefaultIfEmpty(0).Max();
                if (route.Split.CanaryWeight > allowed)
                {
                    return false;
                }
            }
        }

        return true;
    });

    [Fact]
    public void Invariant2_Weight_IsNotRaisedWhileWhatIsBesideTheStepsAsks() => Check(world => world.Turns.TrueForAll(turn =>
        turn.After.Rollout is not { Question.Subject: AnalysisSubject.Background or AnalysisSubject.Bake }
        || turn.Before.Rollout.Question?.Id != turn.After.Rollout.Question.Id
        || turn.After.Rollout.Desired.CanaryWeight <= turn.Before.Rollout.Desired.CanaryWeight));

    [Fact]
    public void Invariant2_Weight_IsRaisedWithinTheScheduleOnly() => Check(world => world.Turns.TrueForAll(turn =>
        turn.After.Rollout.Release.Policy.Schedule is not { } schedule
        || turn.After.Rollout.Desired.CanaryWeight <= turn.Before.Rollout.Desired.CanaryWeight
        || turn.After.Rollout is { PromotedInFull: true } or { ScheduleOverruled: not null }
        || ScheduleClock.Closed(schedule, turn.Now) is null));

    [Fact]
    public void Invariant2_Background_FailedEndsInARollback() => Check(world => world.Turns.TrueForAll(turn =>
        turn.After.Rollout is not { PromotedInFull: false, Background.Phase: MeasurementPhase.Failed or MeasurementPhase.Error }
        || turn.After.Rollout.Stage is RolloutStage.RollingBack or RolloutStage.Closing or RolloutStage.Finished
            && turn.After.Rollout.Outcome is not RolloutOutcome.Promoted));

    [Fact]
    public void Invariant3_Promoted_OnlyWithFullWeightConfirmed() => Check(world => world.Turns.TrueForAll(turn =>
        turn.After.Rollout.Outcome != RolloutOutcome.Promoted
        || turn.Before.Rollout.Outcome == RolloutOutcome.Promoted
        || turn.Observations.OfType<TrafficRouted>().Any(r =>
            r.Split.Equals(new TrafficSplit(100, [])) && r.Revision == turn.After.Rollout.TrafficRevision)
        || turn.Before.Rollout is { AppliedRevision: var revision, Applied: { CanaryWeight: 100, HeaderRoutes.Count: 0 } }
            && revision == turn.After.Rollout.TrafficRevision));

    [Fact]
    public void Invariant4_EveryRollout_EndsOnceItsDeadlinesHavePassed() => Check(world =>
    {
        for (int turns = 0; turns < 20_000 && !world.Turn.Rollout.IsFinished; turns++)
        {
            if (world.Turn.WakeAt is not { } wake)
            {
                return false;
            }

            // The rest of the world is silent: no effect is ever answered again.
            world.Take([], wake > world.Now ? wake : world.Now.AddMinutes(10));
        }

        return world.Turn.Rollout is { IsFinished: true, Outcome: not null };
    });

    [Fact]
    public void Invariant5_EqualInputs_GiveEqualOutputsThroughStorage() => Check(world => world.Turns.TrueForAll(turn =>
    {
        Turn stored = JsonSerializer.Deserialize(TakenTurn.Json(turn.Before), RolloutJson.Default.Turn)!;
        IReadOnlyList<Observation> observations = JsonSerializer.Deserialize(
            JsonSerializer.Serialize(turn.Observations, RolloutJson.Default.IReadOnlyListObservation),
            RolloutJson.Default.IReadOnlyListObservation)!;
        return TakenTurn.Json(RolloutMachine.Advance(stored.Rollout, observations, turn.Now)) == TakenTurn.Json(turn.After);
    }));

    [Fact]
    public void Invariant6_Promoted_NothingTakesTheTrafficAway() => Check(world =>
    {
        bool promoted = false;
        foreach (TakenTurn turn in world.Turns)
        {
            promoted |= turn.Before.Rollout.Outcome == RolloutOutcome.Promoted;
            if (promoted && turn.After.Effects.OfType<RouteTraffic>().Any())
            {
                return false;
            }
        }

        return true;
    });

    [Fact]
    public void TrafficRevision_EveryNewSplit_GrowsIt() => Check(world =>
    {
        Dictionary<long, TrafficSplit> written = [];
        return world.Turns.SelectMany(t => t.After.Effects.OfType<RouteTraffic>()).All(route =>
            written.TryAdd(route.Revision, route.Split)
                ? written.Keys.Max() == route.Revision
                : written[route.Revision].Equals(route.Split));
    });

    [Fact]
    public void Drift_ThatHoldsTheRollout_WasSeenInTheSameAttempt() => RandomRollout.Cases.Sample(
        played =>
        {
            Release asks = played.Release with { Policy = played.Release.Policy with { Drift = DriftAction.Ask } };
            var world = RandomRollout.Play((asks, played.Choices));
            AbortAndRetry(world);
            HashSet<(int Attempt, int Weight)> seen = [];
            return world.Turns.TrueForAll(turn =>
            {
                Rollout after = turn.After.Rollout;
                seen.UnionWith(turn.Observations.OfType<TrafficInspected>().Select(i => (after.Attempt, i.Split.CanaryWeight)));
                return after.Drift is not { } drift || seen.Contains((after.Attempt, drift.CanaryWeight));
            });
        },
        iter: Sequences);

    /// <summary>What random sequences seldom come to: somebody ends the attempt wherever it is, the traffic follows, and another begins.</summary>
    private static void AbortAndRetry(RandomRollout world)
    {
        foreach (Command command in new[] { Command.Abort, Command.Retry })
        {
            Decision decision = new() { Id = $"{command}", Command = command, By = "jo", At = world.Now };
            world.Take([new DecisionRead(world.Turn.Rollout.LastDecision + 1, decision)], world.Now);
            world.Take([new TrafficRouted(world.Turn.Rollout.Desired, world.Turn.Rollout.TrafficRevision)], world.Now);
        }
    }

    private static void Check(Func<RandomRollout, bool> holds) =>
        RandomRollout.Cases.Sample(played => holds(RandomRollout.Play(played)), iter: Sequences);

    private static int FirstBlocked(Release release, HashSet<int> passed)
    {
        int index = 0;
        while (index < release.Steps.Count && (release.Steps[index] is not AnalysisStep || passed.Contains(index)))
        {
            index++;
        }

        return index;
    }

    private static bool MayContinue(RolloutPolicy policy) =>
        policy.Question.OnExpiry == UnclearAction.Continue
        || new[] { policy.Inconclusive, policy.NoData, policy.Error }.Any(u =>
            u.Action == UnclearAction.Continue || (u.Action == UnclearAction.Wait && u.Then == UnclearAction.Continue));
}
