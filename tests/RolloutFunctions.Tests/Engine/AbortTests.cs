using RolloutFunctions.Tests.VirtualTime;
using Rollouts;
using Rollouts.AzureStorage.Tests.Azurite;
using Rollouts.Embedded.Tests;
using Rollouts.Engine;
using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Policy;
using Rollouts.Steps;
using Rollouts.Traffic;

namespace RolloutFunctions.Tests.Engine;

/// <summary>
/// An abort in every state that a rollout can be in takes the traffic away, or says why there is nothing to take. On a clock that runs a minute in a second.
/// </summary>
public sealed class AbortTests(AzuriteServer azurite)
{
    private readonly HastyTime time = new(60);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task Abort_WhilePreparing_EndsWithoutTraffic() => AbortAsync(
        Releases.Article,
        arrange: bench => bench.Cluster.BeforeClaiming = _ => throw new PortException(FailureKind.Transient, "no answer"),
        when: s => s is { WaitingFor: WaitingFor.Readiness, Weight: 0 } && s.Message.Contains("ClaimTarget failed", StringComparison.Ordinal));

    [Fact]
    public Task Abort_WhileAWeightIsRefused_TakesTheTrafficAway() => AbortAsync(
        Releases.Article,
        arrange: bench => bench.Cluster.BeforeWriting = Refusing(weight: 5),
        when: s => s is { DesiredWeight: 5, Weight: 0 } && s.Message.Contains("failed", StringComparison.Ordinal));

    [Fact]
    public Task Abort_InAPause_TakesTheTrafficAway() => AbortAsync(Releases.Article, when: s => s.WaitingFor == WaitingFor.Pause);

    [Fact]
    public async Task Abort_InTheSecondPause_TakesTheTrafficAwayAfterMinutes()
    {
        RolloutStatus status = await AbortAsync(Releases.Article, when: s => s is { WaitingFor: WaitingFor.Pause, Weight: 25 });

        Assert.InRange((status.FinishedAt - status.StartedAt)!.Value.TotalMinutes, 5, 45);
    }

    [Fact]
    public Task Abort_DuringAFreeze_TakesTheTrafficAway()
    {
        DateTime now = time.GetUtcNow().UtcDateTime;
        RolloutSchedule schedule = new() { TimeZone = "Etc/UTC", Freezes = [new FreezeWindow(now.AddMinutes(4), now.AddDays(2))] };
        return AbortAsync(
            Releases.Article with { Policy = new RolloutPolicy { Schedule = schedule } }, when: s => s is { WaitingFor: WaitingFor.Schedule, Weight: 5 });
    }

    [Fact]
    public Task Abort_InTheBakeTime_TakesTheTrafficAway() => AbortAsync(
        Releases.Of("baking", new SetWeightStep(5)) with { Policy = new RolloutPolicy { Bake = new BakePolicy { For = TimeSpan.FromHours(3) } } },
        when: s => s is { Weight: 100, Outcome: null } && s.Message.Contains("bake", StringComparison.OrdinalIgnoreCase));

    [Fact]
    public Task Abort_WithAQuestionOpen_TakesTheTrafficAway() => AbortAsync(Releases.Asking("q"), when: s => s.Question is not null);

    [Fact]
    public async Task Abort_PausedByHand_TakesTheTrafficAway()
    {
        await using DurableBench bench = await DurableBench.StartAsync(azurite, time: time);
        string id = await bench.StartAsync(Releases.Article.Patient());
        await bench.WaitAsync(id, s => s.WaitingFor == WaitingFor.Pause);
        Assert.NotNull((await bench.DecideAsync(id, Command.Pause)).Status!.ManualPause);

        await AssertAbortsAsync(bench, id);
    }

    [Fact]
    public Task Abort_BetweenMeasurements_TakesTheTrafficAway() => AbortAsync(
        Releases.Measuring("starved"),
        arrange: bench => bench.Metrics.Answer = "[]",
        when: s => s.Analysis is { Metrics: [{ Measurements.Count: > 0 }] });

    [Fact]
    public Task Abort_WhileAMeasurementHangs_TakesTheTrafficAway() => AbortAsync(
        Releases.Measuring("hanging"),
        arrange: bench => bench.Metrics.Hangs = true,
        when: s => s.WaitingFor == WaitingFor.Analysis);

    [Fact]
    public Task Abort_WhilePromoting_TakesTheTrafficAway() => AbortAsync(
        Releases.Of("promoting", new SetWeightStep(5)),
        arrange: bench => bench.Cluster.BeforeWriting = Refusing(weight: 100),
        when: s => s is { DesiredWeight: 100, Weight: 5 } && s.Message.Contains("failed", StringComparison.Ordinal));

    [Fact]
    public async Task Abort_WhileRollingBack_ChangesNothingAndIsAnswered()
    {
        await using DurableBench bench = await DurableBench.StartAsync(azurite, time: time);
        bool refuses = false;
        bench.Cluster.BeforeWriting = (_, _) => refuses ? throw new PortException(FailureKind.Transient, "no answer") : Task.CompletedTask;
        string id = await bench.StartAsync(Releases.Article.Patient());
        await bench.WaitAsync(id, s => s.WaitingFor == WaitingFor.Pause);
        refuses = true;
        await bench.DecideAsync(id, Command.Abort);
        await bench.WaitAsync(id, s => s.Phase == RolloutPhase.Degraded);

        DecisionReceipt again = await bench.DecideAsync(id, Command.Abort);
        refuses = false;

        Assert.Equal(DecisionOutcome.Accepted, again.Outcome);
        Assert.Equal(RolloutOutcome.Aborted, (await bench.WaitAsync(id, s => s.Outcome is not null)).Outcome);
        Assert.Single(await bench.JournalAsync(id), r => r.Entry is { Type: EventType.DecisionRejected });
        Assert.Equal(0, bench.Cluster.Weights.Last());
    }

    [Fact]
    public async Task Abort_AfterTheEnd_IsAnsweredAlreadyFinished()
    {
        await using DurableBench bench = await DurableBench.StartAsync(azurite, time: time);
        string id = await bench.StartAsync(Releases.Of("short", new SetWeightStep(100)).Patient());
        await DurableBench.UntilAsync(async () => (await bench.Parts.Registry.FindAsync(id, Cancellation))!.IsOpen == false);

        DecisionReceipt receipt = await bench.DecideAsync(id, Command.Abort);

        Assert.Equal((DecisionOutcome.AlreadyFinished, RolloutOutcome.Promoted), (receipt.Outcome, receipt.Status!.Outcome));
        Assert.Contains($"{id} has finished; abort by ", Assert.Single(bench.Log.Lines, l => l.Id == 3005).Text, StringComparison.Ordinal);
    }

    private static Func<TrafficSplit, CancellationToken, Task> Refusing(int weight) =>
        (split, _) => split.CanaryWeight == weight ? throw new PortException(FailureKind.Transient, "no answer") : Task.CompletedTask;

    private async Task<RolloutStatus> AbortAsync(Release release, Predicate<RolloutStatus> when, Action<DurableBench>? arrange = null)
    {
        await using DurableBench bench = await DurableBench.StartAsync(azurite, time: time);
        arrange?.Invoke(bench);
        string id = await bench.StartAsync(release.Patient());
        await bench.WaitAsync(id, when);

        return await AssertAbortsAsync(bench, id);
    }

    private static async Task<RolloutStatus> AssertAbortsAsync(DurableBench bench, string id)
    {
        Assert.Equal(DecisionOutcome.Accepted, (await bench.DecideAsync(id, Command.Abort)).Outcome);

        RolloutStatus status = await bench.WaitAsync(id, s => s.Outcome is not null);
        Assert.Equal((RolloutOutcome.Aborted, 0), (status.Outcome, status.Weight));
        Assert.Equal(0, bench.Cluster.Weights.Prepend(0).Last());
        return status;
    }
}
