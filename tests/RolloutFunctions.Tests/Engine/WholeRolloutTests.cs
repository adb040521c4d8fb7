using System.Diagnostics;
using Rollouts;
using Rollouts.Analysis;
using Rollouts.AzureStorage.Tests.Azurite;
using Rollouts.Embedded.Tests;
using Rollouts.Engine;
using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Steps;

namespace RolloutFunctions.Tests.Engine;

public sealed class WholeRolloutTests(AzuriteServer azurite)
{
    private static readonly Release Pausing = Releases.Of(
        "pausing",
        new SetWeightStep(5),
        new PauseStep(TimeSpan.FromSeconds(2)),
        new AnalysisStep([new TemplateReference("error-rate", false)], []),
        new SetWeightStep(100));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rollout_HealthyCanary_IsPromoted()
    {
        await using DurableBench bench = await DurableBench.StartAsync(azurite);
        string id = await bench.StartAsync(Pausing);

        RolloutStatus status = await bench.WaitAsync(id, s => s.Outcome is not null);

        Assert.Equal((RolloutOutcome.Promoted, RolloutPhase.Healthy, 100), (status.Outcome, status.Phase, status.Weight));
        Assert.Equal([0, 5, 100], bench.Cluster.Weights.Prepend(0).Distinct());
        await DurableBench.UntilAsync(async () => (await bench.Parts.Registry.ListOpenAsync(Cancellation)).Count == 0);
        IReadOnlyList<JournalRecord> journal = await bench.JournalAsync(id);
        Assert.Equal(Enumerable.Range(1, journal.Count), journal.Select(r => r.Entry!.Number));
        Assert.Equal(EventType.RolloutCompleted, journal[^1].Entry!.Type);
    }

    [Fact]
    public async Task Rollout_FailingMeasurement_IsRolledBack()
    {
        await using DurableBench bench = await DurableBench.StartAsync(azurite);
        bench.Metrics.Answer = "[1]";
        string id = await bench.StartAsync(Releases.Measuring("failing"));

        RolloutStatus status = await bench.WaitAsync(id, s => s.Outcome is not null);

        Assert.Equal((RolloutOutcome.RolledBack, 0), (status.Outcome, status.Weight));
        Assert.Equal(0, bench.Cluster.Weights.Last());
    }

    [Fact]
    public async Task Rollout_Question_WaitsForTheAnswer()
    {
        await using DurableBench bench = await DurableBench.StartAsync(azurite);
        string id = await bench.StartAsync(Releases.Asking("asking"));
        await bench.WaitAsync(id, s => s.Question is not null);

        DecisionReceipt receipt = await bench.DecideAsync(id, Command.Promote);

        Assert.Equal(DecisionOutcome.Accepted, receipt.Outcome);
        Assert.Null(receipt.Status!.Question);
        Assert.Equal(RolloutOutcome.Promoted, (await bench.WaitAsync(id, s => s.Outcome is not null)).Outcome);
    }

    [Fact]
    public async Task Abort_WhileAMeasurementHangs_TakesTheTrafficAwayWithinSeconds()
    {
        await using DurableBench bench = await DurableBench.StartAsync(azurite);
        bench.Metrics.Hangs = true;
        string id = await bench.StartAsync(Releases.Measuring("hanging"));
        await DurableBench.UntilAsync(() => Task.FromResult(bench.Metrics.Asked > 0));

        long decided = Stopwatch.GetTimestamp();
        await bench.DecideAsync(id, Command.Abort);
        await DurableBench.UntilAsync(() => Task.FromResult(bench.Cluster.Weights.Last() == 0));

        Assert.InRange(Stopwatch.GetElapsedTime(decided).TotalSeconds, 0, 20);
        Assert.Equal(1, bench.Metrics.BrokenOff);
        Assert.Equal(RolloutOutcome.Aborted, (await bench.WaitAsync(id, s => s.Outcome is not null)).Outcome);
    }

    [Fact]
    public async Task Abort_ClusterRefusesEveryWeight_EndsOnceItTakesThem()
    {
        await using DurableBench bench = await DurableBench.StartAsync(azurite);
        bool refuses = true;
        bench.Cluster.BeforeWriting = (_, _) => refuses ? throw new PortException(FailureKind.Transient, "no answer") : Task.CompletedTask;
        string id = await bench.StartAsync(Releases.Article);
        await bench.WaitAsync(id, s => s.Message.Contains("failed", StringComparison.Ordinal));

        await bench.DecideAsync(id, Command.Abort);
        refuses = false;

        Assert.Equal((RolloutOutcome.Aborted, 0), await OutcomeAsync(bench, id));
    }

    [Fact]
    public async Task Retry_AfterAnAbort_BeginsAgain()
    {
        await using DurableBench bench = await DurableBench.StartAsync(azurite);
        string id = await bench.StartAsync(Releases.Asking("again"));
        await bench.WaitAsync(id, s => s.Question is not null);
        await bench.DecideAsync(id, Command.Abort);
        await DurableBench.UntilAsync(async () => (await bench.Parts.Registry.FindAsync(id, Cancellation))!.IsOpen == false);

        DecisionReceipt receipt = await bench.DecideAsync(id, Command.Retry);

        Assert.Equal((DecisionOutcome.Accepted, 2), (receipt.Outcome, receipt.Status!.Attempt));
        await bench.WaitAsync(id, s => s is { Attempt: 2, Question: not null });
        await bench.DecideAsync(id, Command.Promote);
        Assert.Equal((RolloutOutcome.Promoted, 100), await OutcomeAsync(bench, id));
    }

    private static async Task<(RolloutOutcome? Outcome, int Weight)> OutcomeAsync(DurableBench bench, string id)
    {
        RolloutStatus status = await bench.WaitAsync(id, s => s.Outcome is not null);
        return (status.Outcome, status.Weight);
    }
}
