using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Time.Testing;
using RolloutFunctions.Orchestration;
using Rollouts;
using Rollouts.AzureStorage.Registry;
using Rollouts.AzureStorage.Tests.Azurite;
using Rollouts.Embedded.Tests;
using Rollouts.Engine;
using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Policy;
using Rollouts.Steps;
using Rollouts.Traffic;
using Rollouts.Workloads;

namespace RolloutFunctions.Tests.Watchdog;

public sealed class RolloutWatchTests(AzuriteServer azurite)
{
    private static readonly Release AtFive = Releases.Of("five", new SetWeightStep(5), new PauseStep(TimeSpan.FromHours(1)), new SetWeightStep(100));

    private readonly FakeTimeProvider later = new(TimeProvider.System.GetUtcNow().AddHours(1));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task LookAsync_InstanceTerminated_TakesTheTrafficAwayAndSaysSo()
    {
        await using DurableBench bench = await DurableBench.StartAsync(azurite);
        string id = await AtFivePercentAsync(bench);
        await bench.Client.TerminateInstanceAsync(id, "an operator", Cancellation);
        await DurableBench.UntilAsync(async () => (await bench.Client.GetInstanceAsync(id, Cancellation))!.RuntimeStatus == OrchestrationRuntimeStatus.Terminated);

        // Nobody is going to read what is decided now, and whoever does is told.
        Assert.Equal(DecisionOutcome.AlreadyFinished, (await bench.DecideAsync(id, Command.Promote)).Outcome);
        Assert.DoesNotContain(await bench.JournalAsync(id), r => r.Decision is not null);

        await bench.Parts.Watch(later).LookAsync(bench.Client, Cancellation);
        await bench.Parts.Watch(later).LookAsync(bench.Client, Cancellation);

        await AssertRescuedAsync(bench, id, "terminated");
        RolloutStatus status = (await bench.Engine.FindAsync(id, Cancellation))!;
        Assert.Equal((RolloutOutcome.Aborted, RolloutPhase.Degraded), (status.Outcome, status.Phase));
        Assert.Equal(DecisionOutcome.AlreadyFinished, (await bench.DecideAsync(id, Command.Retry)).Outcome);
    }

    /// <summary>One that was taken in the moment before.</summary>
    [Fact]
    public async Task LookAsync_DecisionWasNotRead_SaysThatItWasNotCarriedOut()
    {
        await using DurableBench bench = await DurableBench.StartAsync(azurite);
        string id = await AtFivePercentAsync(bench);
        await bench.Client.TerminateInstanceAsync(id, "an operator", Cancellation);
        await DurableBench.UntilAsync(async () => (await bench.Client.GetInstanceAsync(id, Cancellation))!.RuntimeStatus == OrchestrationRuntimeStatus.Terminated);
        await bench.Parts.Journal.AppendDecisionAsync(id, new Decision { Id = "late", Command = Command.PromoteFull, By = "jo", At = default }, Cancellation);

        await bench.Parts.Watch(later).LookAsync(bench.Client, Cancellation);
        await bench.Parts.Watch(later).LookAsync(bench.Client, Cancellation);

        JournalEntry rejected = Assert.Single(await bench.JournalAsync(id), r => r.Entry is { DecisionId: "late" }).Entry!;
        Assert.Equal(EventType.DecisionRejected, rejected.Type);
        Assert.Contains("promote-full by jo was not carried out: its instance was terminated", rejected.Message, StringComparison.Ordinal);
        Assert.Empty(await bench.Parts.Registry.ListOpenAsync(Cancellation));
    }

    /// <summary>Begun anew it would read the decisions of its first life again, and its entries would be taken for those that are there.</summary>
    [Fact]
    public async Task StartAsync_SameReleaseAfterItsInstanceWasPurged_IsRefusedWithTheCure()
    {
        await using DurableBench bench = await DurableBench.StartAsync(azurite);
        string id = await AtFivePercentAsync(bench);
        await bench.Client.TerminateInstanceAsync(id, "an operator", Cancellation);
        await DurableBench.UntilAsync(async () => (await bench.Client.GetInstanceAsync(id, Cancellation))!.RuntimeStatus == OrchestrationRuntimeStatus.Terminated);
        await bench.Client.PurgeInstanceAsync(id, Cancellation);

        StartResult before = await bench.Engine.StartAsync(AtFive, "jo", Cancellation);
        await bench.Parts.Watch(later).LookAsync(bench.Client, Cancellation);
        StartResult after = await bench.Engine.StartAsync(AtFive, "jo", Cancellation);

        Assert.Equal((StartOutcome.Refused, StartOutcome.Refused), (before.Outcome, after.Outcome));
        Assert.Contains("the watchdog is about to", before.Reason, StringComparison.Ordinal);
        Assert.Contains("name this a run of its own", after.Reason, StringComparison.Ordinal);
        Assert.Null(await bench.Client.GetInstanceAsync(id, Cancellation));
        Assert.Equal(StartOutcome.Started, (await bench.Engine.StartAsync(AtFive.AsRun("42"), "jo", Cancellation)).Outcome);
    }

    [Fact]
    public async Task LookAsync_InstancePurged_TakesTheTrafficAwayAndSaysSo()
    {
        await using DurableBench bench = await DurableBench.StartAsync(azurite);
        string id = await AtFivePercentAsync(bench);
        await bench.Client.TerminateInstanceAsync(id, "an operator", Cancellation);
        await DurableBench.UntilAsync(async () => (await bench.Client.GetInstanceAsync(id, Cancellation))!.RuntimeStatus == OrchestrationRuntimeStatus.Terminated);
        await bench.Client.PurgeInstanceAsync(id, Cancellation);

        await bench.Parts.Watch(later).LookAsync(bench.Client, Cancellation);

        await AssertRescuedAsync(bench, id, "gone");
    }

    [Fact]
    public async Task LookAsync_OrchestrationFailed_TakesTheTrafficAwayAndSaysSo()
    {
        bool fails = false;
        await using DurableBench bench = await DurableBench.StartAsync(
            azurite, (context, generation) => fails ? throw new InvalidDataException("a fault of this build") : RolloutOrchestrator.RunAsync(context, generation));
        string id = await AtFivePercentAsync(bench);
        fails = true;
        await bench.Client.RaiseEventAsync(id, RolloutOrchestrator.WakeEvent, "", Cancellation);
        await DurableBench.UntilAsync(async () => (await bench.Client.GetInstanceAsync(id, Cancellation))!.RuntimeStatus == OrchestrationRuntimeStatus.Failed);
        fails = false;

        await bench.Parts.Watch(later).LookAsync(bench.Client, Cancellation);

        await AssertRescuedAsync(bench, id, "failed");
    }

    /// <summary>For instance when a build is taken back that had stored what the one before does not know.</summary>
    [Fact]
    public async Task LookAsync_StateThatThisBuildCannotRead_TakesTheTrafficAwayAndSaysSo()
    {
        await using DurableBench bench = await DurableBench.StartAsync(azurite);
        string id = AtFive.Id();
        await bench.Parts.Registry.RegisterAsync(new RegisteredRollout(id, TimeProvider.System.GetUtcNow(), "jo", AtFive.Target, true), Cancellation);
        await bench.Cluster.ClaimAsync(AtFive.Target, id, RolloutMachine.LeaseTerm, Cancellation);
        await bench.Cluster.ApplyAsync(AtFive.Target, new TrafficSplit(5, []), id, 3, Cancellation);
        await bench.Client.ScheduleNewOrchestrationInstanceAsync(
            RolloutOrchestrator.Name, new Generation("zz:AAAA", 12), new StartOrchestrationOptions { InstanceId = id }, Cancellation);
        await DurableBench.UntilAsync(async () => (await bench.Client.GetInstanceAsync(id, Cancellation))!.RuntimeStatus == OrchestrationRuntimeStatus.Failed);

        // It does not hide the others.
        string other = await bench.StartAsync(Releases.Asking("other"));
        Assert.Equal([other, id], (await bench.Engine.ListAsync(10, Cancellation)).Select(r => r.Id).OrderBy(r => r == id));
        RolloutStatus unreadable = (await bench.Engine.FindAsync(id, Cancellation))!;
        Assert.Equal(("five", "shop", RolloutOutcome.Aborted), (unreadable.Name, unreadable.Namespace, unreadable.Outcome));
        Assert.Equal(DecisionOutcome.AlreadyFinished, (await bench.DecideAsync(id, Command.Promote)).Outcome);
        await bench.DecideAsync(other, Command.Abort);
        await DurableBench.UntilAsync(async () => !(await bench.Parts.Registry.FindAsync(other, Cancellation))!.IsOpen);

        await bench.Parts.Watch(later).LookAsync(bench.Client, Cancellation);

        await AssertRescuedAsync(bench, id, "failed");
    }

    /// <summary>In the middle of a promotion the canary may be the only version that is up.</summary>
    [Fact]
    public async Task LookAsync_CanaryHasAllTrafficAndTheStablePodsAreNotUp_WaitsForThem()
    {
        await using DurableBench bench = await DurableBench.StartAsync(azurite);
        string id = await TerminatedInTheBakeTimeAsync(bench, AtFive.Deploying("shop:2"));
        PodCounts up = bench.Parts.Deployments.Stable!;
        bench.Parts.Deployments.Stable = up with { Available = 0 };

        await bench.Parts.Watch(later).LookAsync(bench.Client, Cancellation);
        await bench.Parts.Watch(later).LookAsync(bench.Client, Cancellation);

        Assert.Equal(100, bench.Cluster.Weights.Last());
        Assert.Single(await bench.Parts.Registry.ListOpenAsync(Cancellation));
        JournalEntry halted = Assert.Single(await bench.JournalAsync(id), r => r.Entry?.By == "watchdog").Entry!;
        Assert.Equal(EventType.RolloutHalted, halted.Type);
        Assert.Contains("`five` has 0 of 3 pods available", halted.Message, StringComparison.Ordinal);

        bench.Parts.Deployments.Stable = up;
        await bench.Parts.Watch(later).LookAsync(bench.Client, Cancellation);

        Assert.Equal(0, bench.Cluster.Weights.Last());
        Assert.Empty(await bench.Parts.Registry.ListOpenAsync(Cancellation));
        Assert.Equal(
            [EventType.RolloutHalted, EventType.RolloutAborted],
            (await bench.JournalAsync(id)).Where(r => r.Entry?.By == "watchdog").Select(r => r.Entry!.Type));
    }

    /// <summary>At 80 % the stable version has given most of its pods away.</summary>
    [Fact]
    public async Task LookAsync_StablePodsWereGivenToTheCanary_GivesThemBackAndTheTrafficAsTheyComeUp()
    {
        await using DurableBench bench = await DurableBench.StartAsync(azurite);
        Release release = Releases.Of("five", new SetWeightStep(80), new PauseStep(TimeSpan.FromHours(1)), new SetWeightStep(100))
            .Deploying("shop:2", new ScalingRules { DynamicStableScale = true });
        string id = await bench.StartAsync(release);
        await bench.WaitAsync(id, s => s is { WaitingFor: WaitingFor.Pause, Weight: 80 });
        await bench.Client.TerminateInstanceAsync(id, "an operator", Cancellation);
        await DurableBench.UntilAsync(async () => (await bench.Client.GetInstanceAsync(id, Cancellation))!.RuntimeStatus == OrchestrationRuntimeStatus.Terminated);
        PodCounts up = bench.Parts.Deployments.Stable!;
        int before = bench.Cluster.Written.Count;
        foreach (int available in (int[])[1, 2, 3])
        {
            bench.Parts.Deployments.Stable = up with { Available = available };
            await bench.Parts.Watch(later).LookAsync(bench.Client, Cancellation);
        }

        Assert.Equal([67, 34, 0], bench.Cluster.Weights.Skip(before));
        Assert.Contains(bench.Parts.Deployments.Applied, a => a.Plan is { OnlyStable: true, Stable: { Content: StableContent.AsItIs, Replicas: 3 } });
        Assert.Empty(await bench.Parts.Registry.ListOpenAsync(Cancellation));
        Assert.Equal(
            [EventType.RolloutHalted, EventType.RolloutAborted],
            (await bench.JournalAsync(id)).Where(r => r.Entry?.By == "watchdog").Select(r => r.Entry!.Type));
    }

    [Fact]
    public async Task LookAsync_CanaryHasAllTrafficOfVersionsThatOthersDeploy_TakesItAway()
    {
        await using DurableBench bench = await DurableBench.StartAsync(azurite);
        bench.Parts.Deployments.Stable = null;
        string id = await TerminatedInTheBakeTimeAsync(bench, AtFive);

        await bench.Parts.Watch(later).LookAsync(bench.Client, Cancellation);

        await AssertRescuedAsync(bench, id, "terminated");
    }

    /// <summary>One that can't be looked after must not keep the others waiting.</summary>
    [Fact]
    public async Task LookAsync_ClusterOfOneDoesNotAnswer_RescuesTheOthersAndThatOneTheNextTime()
    {
        await using DurableBench bench = await DurableBench.StartAsync(azurite);
        string id = await AtFivePercentAsync(bench);
        string other = await bench.StartAsync(Releases.Asking("other"));
        await bench.WaitAsync(other, s => s.Question is not null);
        foreach (string ended in new[] { id, other })
        {
            await bench.Client.TerminateInstanceAsync(ended, "an operator", Cancellation);
            await DurableBench.UntilAsync(async () => (await bench.Client.GetInstanceAsync(ended, Cancellation))!.RuntimeStatus == OrchestrationRuntimeStatus.Terminated);
        }

        int refused = 0;
        bench.Cluster.BeforeWriting = (_, _) => Interlocked.Increment(ref refused) == 1 ? throw new PortException(FailureKind.Transient, "no answer") : Task.CompletedTask;

        await bench.Parts.Watch(later).LookAsync(bench.Client, Cancellation);
        Assert.Single(await bench.Parts.Registry.ListOpenAsync(Cancellation));
        await bench.Parts.Watch(later).LookAsync(bench.Client, Cancellation);

        Assert.Empty(await bench.Parts.Registry.ListOpenAsync(Cancellation));
        Assert.Equal([0, 0], bench.Cluster.Written.TakeLast(2).Select(w => w.Split.CanaryWeight));
        Assert.Equal([id, other], bench.Cluster.Written.TakeLast(2).Select(w => w.Owner).Order());
    }

    /// <summary>Between the registration and the start of the instance lies a moment, which must not look like a purge.</summary>
    [Fact]
    public async Task LookAsync_RegisteredAMomentAgoWithoutAnInstance_LeavesItAlone()
    {
        await using DurableBench bench = await DurableBench.StartAsync(azurite);
        await bench.Parts.Registry.RegisterAsync(new RegisteredRollout(AtFive.Id(), TimeProvider.System.GetUtcNow(), "jo", AtFive.Target, true), Cancellation);

        await bench.Parts.Watch(TimeProvider.System).LookAsync(bench.Client, Cancellation);
        Assert.Single(await bench.Parts.Registry.ListOpenAsync(Cancellation));
        await bench.Parts.Watch(later).LookAsync(bench.Client, Cancellation);
        Assert.Empty(await bench.Parts.Registry.ListOpenAsync(Cancellation));
    }

    [Fact]
    public async Task LookAsync_RolloutUnderWay_LeavesItAlone()
    {
        await using DurableBench bench = await DurableBench.StartAsync(azurite);
        string id = await AtFivePercentAsync(bench);

        await bench.Parts.Watch(later).LookAsync(bench.Client, Cancellation);

        Assert.Equal(5, bench.Cluster.Weights.Last());
        Assert.Null((await bench.Engine.FindAsync(id, Cancellation))!.Outcome);
    }

    [Fact]
    public async Task LookAsync_DecisionNobodyWokeItFor_WakesIt()
    {
        await using DurableBench bench = await DurableBench.StartAsync(azurite);
        string id = await AtFivePercentAsync(bench);
        await bench.Parts.Journal.AppendDecisionAsync(id, new Decision { Id = "d", Command = Command.Abort, By = "jo", At = default }, Cancellation);

        await bench.Parts.Watch(later).LookAsync(bench.Client, Cancellation);

        Assert.Equal(RolloutOutcome.Aborted, (await bench.WaitAsync(id, s => s.Outcome is not null)).Outcome);
    }

    /// <summary>A retry opens the journal of a rollout that has ended; refused, it must not stay open.</summary>
    [Fact]
    public async Task LookAsync_RetryRefused_ClosesTheJournalAgain()
    {
        await using DurableBench bench = await DurableBench.StartAsync(azurite);
        string id = await AbortedAsync(bench);
        await RefuseARetryAsync(bench, id);
        Assert.NotEmpty(await bench.Parts.Registry.ListOpenAsync(Cancellation));

        await DurableBench.UntilAsync(async () =>
        {
            await bench.Parts.Watch(later).LookAsync(bench.Client, Cancellation);
            return (await bench.Parts.Registry.ListOpenAsync(Cancellation)).Count == 0;
        });

        Assert.Equal(DecisionOutcome.AlreadyFinished, (await bench.DecideAsync(id, Command.Abort)).Outcome);
        Assert.Equal((RolloutOutcome.Aborted, 1), ((await bench.Engine.FindAsync(id, Cancellation))!.Outcome, (await bench.Engine.FindAsync(id, Cancellation))!.Attempt));
        Assert.Equal(DecisionOutcome.Accepted, (await bench.DecideAsync(id, Command.Retry)).Outcome);
        await bench.WaitAsync(id, s => s is { Attempt: 2, Weight: 5 });
    }

    /// <summary>Whoever starts next does not have to wait for the watchdog, and closes what it finds open.</summary>
    [Fact]
    public async Task StartAsync_TargetOfARolloutWhoseRetryWasRefused_StartsAndClosesTheJournal()
    {
        await using DurableBench bench = await DurableBench.StartAsync(azurite);
        string id = await AbortedAsync(bench);
        await RefuseARetryAsync(bench, id);
        await DurableBench.UntilAsync(async () => (await bench.Client.GetInstanceAsync(id, Cancellation))!.RuntimeStatus == OrchestrationRuntimeStatus.Completed);

        StartResult next = await bench.Engine.StartAsync(AtFive.Version(2), "jo", Cancellation);

        Assert.Equal(StartOutcome.Started, next.Outcome);
        Assert.Equal(DecisionOutcome.AlreadyFinished, (await bench.DecideAsync(id, Command.Abort)).Outcome);
    }

    private static async Task<string> AbortedAsync(DurableBench bench)
    {
        string id = await AtFivePercentAsync(bench);
        await bench.DecideAsync(id, Command.Abort);
        await DurableBench.UntilAsync(async () => !(await bench.Parts.Registry.FindAsync(id, Cancellation))!.IsOpen);
        return id;
    }

    private static async Task RefuseARetryAsync(DurableBench bench, string id)
    {
        Decision farAhead = new() { Id = "far-ahead", Command = Command.Retry, FromStep = 2, By = "jo", At = TimeProvider.System.GetUtcNow() };

        DecisionReceipt receipt = await bench.Engine.DecideAsync(id, farAhead, Cancellation);

        Assert.Equal(DecisionOutcome.Accepted, receipt.Outcome);
        RolloutStatus refused = await bench.WaitAsync(id, s => s.LastAnswer?.DecisionId == "far-ahead");
        Assert.False(refused.LastAnswer!.Counted);
        await DurableBench.UntilAsync(async () => (await bench.JournalAsync(id)).Any(r => r.Entry is { Type: EventType.DecisionRejected, DecisionId: "far-ahead" }));
    }

    private static async Task<string> AtFivePercentAsync(DurableBench bench)
    {
        string id = await bench.StartAsync(AtFive);
        await bench.WaitAsync(id, s => s is { WaitingFor: WaitingFor.Pause, Weight: 5 });
        await Task.Delay(500, Cancellation);
        return id;
    }

    private static async Task<string> TerminatedInTheBakeTimeAsync(DurableBench bench, Release release)
    {
        string id = await bench.StartAsync(release with
        {
            Steps = [new SetWeightStep(5)],
            Policy = new RolloutPolicy { Bake = new BakePolicy { For = TimeSpan.FromHours(1) } },
        });
        await bench.WaitAsync(id, s => s is { Weight: 100, Outcome: null } && s.Message.Contains("bakes", StringComparison.Ordinal));
        await bench.Client.TerminateInstanceAsync(id, "an operator", Cancellation);
        await DurableBench.UntilAsync(async () => (await bench.Client.GetInstanceAsync(id, Cancellation))!.RuntimeStatus == OrchestrationRuntimeStatus.Terminated);
        return id;
    }

    private static async Task AssertRescuedAsync(DurableBench bench, string id, string why)
    {
        Assert.Equal(0, bench.Cluster.Weights.Last());
        JournalEntry entry = Assert.Single(await bench.JournalAsync(id), r => r.Entry?.By == "watchdog").Entry!;
        Assert.Equal(EventType.RolloutAborted, entry.Type);
        Assert.Contains(why, entry.Message, StringComparison.Ordinal);
        Assert.Empty(await bench.Parts.Registry.ListOpenAsync(Cancellation));
        Assert.Equal(StartOutcome.Started, (await bench.Engine.StartAsync(AtFive.Version(2), "jo", Cancellation)).Outcome);
    }
}
