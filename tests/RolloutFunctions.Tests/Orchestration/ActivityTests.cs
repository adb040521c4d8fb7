using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Microsoft.Azure.Functions.Worker;
using RolloutFunctions.Orchestration;
using Rollouts;
using Rollouts.Analysis;
using Rollouts.AzureStorage.Registry;
using Rollouts.AzureStorage.Tests.Azurite;
using Rollouts.Embedded.Tests;
using Rollouts.Journal;
using Rollouts.Ledger;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Notifications;
using Rollouts.Traffic;
using Rollouts.Workloads;

namespace RolloutFunctions.Tests.Orchestration;

/// <summary>Activities may run twice: the second time changes nothing, and what comes back is as good.</summary>
public sealed class ActivityTests(AzuriteServer azurite)
{
    private static readonly Release Release = Releases.Measuring("twice");
    private static readonly string Id = Release.Id();
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly BenchParts parts = new(azurite);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A kind of effect without an activity would break the first rollout that lists it.</summary>
    [Fact]
    public void NameOf_EveryKindOfEffect_IsAnActivityOfItsOwn()
    {
        string[] activities =
        [
            .. typeof(EffectActivities).GetMethods()
                .Where(m => m.GetParameters().Any(p => p.ParameterType == typeof(EffectWork)))
                .Select(m => m.GetCustomAttribute<FunctionAttribute>()!.Name),
        ];
        Type[] kinds = [.. typeof(Effect).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(a => a.DerivedType)];

        string[] named = [.. kinds.Select(k => EffectActivities.NameOf((Effect)RuntimeHelpers.GetUninitializedObject(k)))];

        Assert.Equal(activities.Order(), named.Order());
        Assert.Equal(named.Length, named.Distinct().Count());
    }

    [Fact]
    public async Task InspectWorkload_Twice_SaysTheSame()
    {
        EffectWork work = new(Id, new InspectWorkload(Release.Target), 0);

        Assert.Equal(await parts.Activities.InspectWorkloadAsync(work, Cancellation), await parts.Activities.InspectWorkloadAsync(work, Cancellation));
    }

    [Fact]
    public async Task ClaimRouteRelease_EachTwice_LeaveWhatOnceLeaves()
    {
        EffectWork claim = new(Id, new ClaimTarget(Release.Target), 0);
        EffectWork route = new(Id, new RouteTraffic(Release.Target, new TrafficSplit(5, []), 1), 0);
        EffectWork release = new(Id, new ReleaseTarget(Release.Target), 0);

        Assert.IsType<TargetClaimed>((await parts.Activities.ClaimTargetAsync(claim, Cancellation)).Observation);
        Assert.IsType<TargetClaimed>((await parts.Activities.ClaimTargetAsync(claim, Cancellation)).Observation);
        for (int i = 0; i < 2; i++)
        {
            TrafficRouted routed = Assert.IsType<TrafficRouted>((await parts.Activities.RouteTrafficAsync(route, Cancellation)).Observation);
            Assert.Equal((new TrafficSplit(5, []), 1), (routed.Split, routed.Revision));
        }

        Assert.IsType<TargetReleased>((await parts.Activities.ReleaseTargetAsync(release, Cancellation)).Observation);
        Assert.IsType<TargetReleased>((await parts.Activities.ReleaseTargetAsync(release, Cancellation)).Observation);
        Assert.Equal(new ClaimedTarget(new TrafficSplit(5, [])), await parts.Cluster.ClaimAsync(Release.Target, "another", RolloutMachine.LeaseTerm, Cancellation));
    }

    [Fact]
    public async Task RouteTraffic_LateDuplicateOfAnOlderRevision_IsRefused()
    {
        await parts.Activities.ClaimTargetAsync(new(Id, new ClaimTarget(Release.Target), 0), Cancellation);
        EffectWork old = new(Id, new RouteTraffic(Release.Target, new TrafficSplit(25, []), 1), 0);
        await parts.Activities.RouteTrafficAsync(old, Cancellation);
        await parts.Activities.RouteTrafficAsync(new(Id, new RouteTraffic(Release.Target, TrafficSplit.None, 2), 0), Cancellation);

        Assert.IsType<EffectFailed>((await parts.Activities.RouteTrafficAsync(old, Cancellation)).Observation);

        Assert.Equal(0, parts.Cluster.Weights.Last());
    }

    [Fact]
    public async Task TakeMeasurement_Twice_HasTheSameNumber()
    {
        Metric metric = new() { Name = "m", SuccessCondition = "result[0] < 1", Prometheus = new() { Query = "vector(0)" } };
        EffectWork work = new(Id, new TakeMeasurement("run-1", metric, 3), 0);

        MeasurementTaken first = Assert.IsType<MeasurementTaken>((await parts.Activities.TakeMeasurementAsync(work, Cancellation)).Observation);
        MeasurementTaken again = Assert.IsType<MeasurementTaken>((await parts.Activities.TakeMeasurementAsync(work, Cancellation)).Observation);

        Assert.Equal((first.Run, first.Metric, first.Number, first.Measurement.Phase), (again.Run, again.Metric, again.Number, again.Measurement.Phase));
    }

    [Fact]
    public async Task TakeMeasurement_DecisionComesIn_IsBrokenOff()
    {
        parts.Metrics.Hangs = true;
        Metric metric = new() { Name = "m", Prometheus = new() { Query = "vector(0)" } };
        Task<EffectOutcome> measuring = parts.Activities.TakeMeasurementAsync(new(Id, new TakeMeasurement("run-1", metric, 1), 0), Cancellation);

        await parts.Journal.AppendDecisionAsync(Id, new Decision { Id = "d", Command = Command.Abort, By = "jo", At = default }, Cancellation);

        Assert.Null((await measuring.WaitAsync(TimeSpan.FromSeconds(20), Cancellation)).Observation);
        Assert.Equal(1, parts.Metrics.BrokenOff);
    }

    [Fact]
    public async Task AppendJournal_Twice_AppendsOnce()
    {
        JournalEntry[] entries = [.. Enumerable.Range(1, 3).Select(n => new JournalEntry { Number = n, At = default, Type = EventType.Measured, Message = "m" })];
        EffectWork work = new(Id, new AppendJournal(entries), 0);

        Assert.Equal(new EffectOutcome(new JournalAppended(3)), await parts.Activities.AppendJournalAsync(work, Cancellation));
        Assert.Equal(new EffectOutcome(new JournalAppended(3)), await parts.Activities.AppendJournalAsync(work, Cancellation));

        Assert.Equal(3, (await parts.Journal.ReadAsync(Id, 0, 100, Cancellation)).Count);
    }

    [Fact]
    public async Task CloseJournal_Twice_ClosesAndGivesTheRegistrationFree()
    {
        await parts.Registry.RegisterAsync(new RegisteredRollout(Id, default, "jo", Release.Target, true), Cancellation);
        EffectWork work = new(Id, new CloseJournal(0), 0);

        Assert.Equal(new EffectOutcome(new JournalClosed(true)), await parts.Activities.CloseJournalAsync(work, Cancellation));
        Assert.Equal(new EffectOutcome(new JournalClosed(true)), await parts.Activities.CloseJournalAsync(work, Cancellation));

        Assert.False((await parts.Registry.FindAsync(Id, Cancellation))!.IsOpen);
    }

    [Fact]
    public async Task InspectTraffic_Twice_SaysTheSame()
    {
        await parts.Activities.ClaimTargetAsync(new(Id, new ClaimTarget(Release.Target), 0), Cancellation);
        await parts.Activities.RouteTrafficAsync(new(Id, new RouteTraffic(Release.Target, new TrafficSplit(5, []), 1), 0), Cancellation);
        EffectWork work = new(Id, new InspectTraffic(Release.Target, new TrafficSplit(5, []), 1), 0);

        EffectOutcome first = await parts.Activities.InspectTrafficAsync(work, Cancellation);

        Assert.Equal(new TrafficInspected(new TrafficSplit(5, []), 1), first.Observation);
        Assert.Equal(first, await parts.Activities.InspectTrafficAsync(work, Cancellation));
        Assert.Equal([5], parts.Cluster.Weights);
    }

    [Fact]
    public async Task ShapeWorkload_Twice_LeavesWhatOnceLeaves_AndALateDuplicateIsRefused()
    {
        WorkloadSpec workload = Releases.Measuring("twice").Deploying("app:2").Workload! with { Revision = "v2" };
        EffectWork canary = Shaping(workload, new WorkloadPlan { Canary = new CanaryPlan(2) }, 1);
        EffectWork none = Shaping(workload, new WorkloadPlan(), 2);

        WorkloadShaped first = Assert.IsType<WorkloadShaped>((await parts.Activities.ShapeWorkloadAsync(canary, Cancellation)).Observation);
        WorkloadShaped again = Assert.IsType<WorkloadShaped>((await parts.Activities.ShapeWorkloadAsync(canary, Cancellation)).Observation);
        Assert.Equal((first.Revision, first.State.Canary), (again.Revision, again.State.Canary));
        Assert.Equal(2, again.State.Canary!.Desired);

        await parts.Activities.ShapeWorkloadAsync(none, Cancellation);
        EffectFailed late = Assert.IsType<EffectFailed>((await parts.Activities.ShapeWorkloadAsync(canary, Cancellation)).Observation);
        Assert.Equal(FailureKind.Superseded, late.Kind);
        Assert.False(parts.Deployments.HasCanary);
    }

    [Fact]
    public async Task MeasureShare_Twice_SaysTheSame()
    {
        parts.Metrics.Answer = "[40]";
        EffectWork work = new(Id, new MeasureShare(new PrometheusQuery { Query = "canary" }, new PrometheusQuery { Query = "total" }, 3), 0);

        Assert.Equal(new EffectOutcome(new ShareMeasured(40, 40, 3)), await parts.Activities.MeasureShareAsync(work, Cancellation));
        Assert.Equal(new EffectOutcome(new ShareMeasured(40, 40, 3)), await parts.Activities.MeasureShareAsync(work, Cancellation));
    }

    [Fact]
    public async Task Notify_Twice_PostsOnceAndTellsTheSame()
    {
        EffectWork work = new(Id, new Notify(new NoticePost
        {
            Key = "outcome.1",
            Channel = "team",
            Kind = NoticeKind.Outcome,
            Version = 1,
            Since = default,
            Rollout = Id,
            Name = "twice",
            Namespace = "shop",
            Where = "at its end",
        }), 0);

        EffectOutcome first = await parts.Activities.NotifyAsync(work, Cancellation);

        Assert.Equal(new Notified("outcome.1", "team", 1, "m1", false), first.Observation);
        Assert.Equal(first, await parts.Activities.NotifyAsync(work, Cancellation));
        Assert.Equal(1, parts.Channel.Posted);
    }

    [Fact]
    public async Task RecordLedger_Twice_IsOneRowAndKeepsTheJudgement()
    {
        LedgerRow row = new()
        {
            RolloutId = Id,
            Attempt = 1,
            Service = "shop/twice",
            Outcome = RolloutOutcome.RolledBack,
            StartedAt = Noon,
            FinishedAt = Noon.AddMinutes(5),
            Message = "m",
            Templates = ["error-rate"],
            FailedTemplates = ["error-rate"],
            AnswersTook = [],
        };
        EffectWork work = new(Id, new RecordLedger(row), 0);

        Assert.Equal(new EffectOutcome(new LedgerRecorded(1)), await parts.Activities.RecordLedgerAsync(work, Cancellation));
        await parts.Ledger.JudgeAsync(Id, new Judgement { Verdict = Verdict.Right, By = "jo", At = Noon.AddHours(1) }, Cancellation);
        Assert.Equal(new EffectOutcome(new LedgerRecorded(1)), await parts.Activities.RecordLedgerAsync(work, Cancellation));

        LedgerEntry entry = Assert.Single(await parts.Ledger.ReadAsync(Noon, Cancellation));
        Assert.Equal(Verdict.Right, entry.Judgement!.Verdict);
    }

    [Fact]
    public async Task ReadDecisions_Twice_SaysTheSame()
    {
        await parts.Journal.AppendDecisionAsync(Id, new Decision { Id = "d", Command = Command.Pause, By = "jo", At = default }, Cancellation);

        DecisionPage first = await parts.Activities.ReadDecisionsAsync(new(Id, 0), Cancellation);
        DecisionPage again = await parts.Activities.ReadDecisionsAsync(new(Id, 0), Cancellation);

        Assert.Equal(["d"], first.Decisions.Select(d => d.Decision.Id));
        Assert.Equal(first.Decisions, again.Decisions);
    }

    private static EffectWork Shaping(WorkloadSpec workload, WorkloadPlan plan, long revision) =>
        new(Id, new ShapeWorkload(Release.Target, workload, plan, Noon, revision), 0);

    [Fact]
    public async Task ReadDecisions_MoreThanAPage_SaysSo()
    {
        for (int i = 0; i <= EffectActivities.MostDecisions; i++)
        {
            await parts.Journal.AppendDecisionAsync(Id, new Decision { Id = $"d{i}", Command = Command.Pause, By = "jo", At = default }, Cancellation);
        }

        DecisionPage first = await parts.Activities.ReadDecisionsAsync(new(Id, 0), Cancellation);
        DecisionPage rest = await parts.Activities.ReadDecisionsAsync(new(Id, first.Decisions[^1].Sequence), Cancellation);

        Assert.Equal((EffectActivities.MostDecisions, true, 1, false), (first.Decisions.Count, first.HasMore, rest.Decisions.Count, rest.HasMore));
    }
}
