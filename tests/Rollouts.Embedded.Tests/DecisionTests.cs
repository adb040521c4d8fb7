using System.Diagnostics;
using Rollouts.Engine;
using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Traffic;

namespace Rollouts.Embedded.Tests;

public sealed class DecisionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DecideAsync_OpenQuestion_GoesOnAtOnce()
    {
        await using Bench bench = await Bench.RunAsync();
        string id = await bench.StartAsync(Releases.Asking("a"));
        await bench.WaitAsync(id, s => s.Question is not null);

        DecisionReceipt receipt = await bench.DecideAsync(id, Command.Promote);

        Assert.Equal(DecisionOutcome.Accepted, receipt.Outcome);
        Assert.NotNull(receipt.Status!.Question);
        Assert.Equal(RolloutOutcome.Promoted, (await bench.WaitAsync(id, s => s.Outcome is not null)).Outcome);
    }

    [Fact]
    public async Task DecideAsync_SameIdAgain_IsTakenOnce()
    {
        await using Bench bench = await Bench.RunAsync();
        string id = await bench.StartAsync(Releases.Asking("a"));
        await bench.WaitAsync(id, s => s.Question is not null);

        Assert.Equal(DecisionOutcome.Accepted, (await bench.DecideAsync(id, Command.Pause, "same")).Outcome);
        Assert.Equal(DecisionOutcome.AlreadyAccepted, (await bench.DecideAsync(id, Command.Pause, "same")).Outcome);

        Assert.Single(await bench.JournalAsync(id), r => r.Decision is not null);
    }

    [Fact]
    public async Task DecideAsync_IdOfAnotherCommand_IsNotTaken()
    {
        await using Bench bench = await Bench.RunAsync();
        string id = await bench.StartAsync(Releases.Asking("a"));
        await bench.WaitAsync(id, s => s.Question is not null);
        await bench.DecideAsync(id, Command.Pause, "build-17");

        Assert.Equal(DecisionOutcome.IdTaken, (await bench.DecideAsync(id, Command.Abort, "build-17")).Outcome);

        Assert.Equal([Command.Pause], (await bench.JournalAsync(id)).Where(r => r.Decision is not null).Select(r => r.Decision!.Command));
    }

    [Fact]
    public async Task DecideAsync_RefusedRetryAfterTheEnd_ReopensNothingAndIsLogged()
    {
        LogLines log = new();
        await using Bench bench = new();
        await bench.OpenAsync(logger: log);
        bench.Run();
        string id = await bench.StartAsync(Releases.Asking("a"));
        await bench.WaitAsync(id, s => s.Question is not null);
        await bench.DecideAsync(id, Command.Abort);
        await bench.UntilFreeAsync(Releases.Asking("a").Target);

        Decision late = new() { Id = "late", Command = Command.Retry, By = "kim", Channel = "link", At = bench.Clock.GetUtcNow(), Refused = "its link has expired" };
        Assert.Equal(DecisionOutcome.AlreadyFinished, (await bench.Engine.DecideAsync(id, late, Cancellation)).Outcome);

        await Bench.UntilAsync(() => log.Lines.Any(l => l.Id == 2013));
        Assert.Contains($"{id} has finished; retry by kim over link comes too late", log.Lines.Single(l => l.Id == 2013).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DecideAsync_UnknownRollout_IsNotFound()
    {
        await using Bench bench = await Bench.RunAsync();

        Assert.Equal(new DecisionReceipt(DecisionOutcome.NotFound, null), await bench.DecideAsync("nobody", Command.Abort));
    }

    [Fact]
    public async Task DecideAsync_WhileAMeasurementHangs_AbortsWithinMilliseconds()
    {
        await using Bench bench = await Bench.RunAsync(realTime: true);
        bench.Metrics.Hangs = true;
        string id = await bench.StartAsync(Releases.Measuring("a"));
        await bench.WaitAsync(id, s => s.WaitingFor == WaitingFor.Analysis);
        await Bench.UntilAsync(() => bench.Metrics.Asked > 0);

        long asked = Stopwatch.GetTimestamp();
        await bench.DecideAsync(id, Command.Abort);
        await Bench.UntilAsync(() => bench.Cluster.Weights.Last() == 0);
        TimeSpan took = Stopwatch.GetElapsedTime(asked);

        TestContext.Current.TestOutputHelper?.WriteLine($"weight 0 after {took.TotalMilliseconds:0.0} ms");
        Assert.True(took < TimeSpan.FromSeconds(1), $"weight 0 only after {took}; the query has a timeout of 30 s");
        Assert.Equal(RolloutOutcome.Aborted, (await bench.WaitAsync(id, s => s.Outcome is not null)).Outcome);
        Assert.Equal(1, bench.Metrics.BrokenOff);
    }

    [Fact]
    public async Task DecideAsync_EveryMeasurementSlotHangs_StillAborts()
    {
        await using Bench bench = await Bench.RunAsync(realTime: true, o => o with { MostMeasurementsAtOnce = 1 });
        bench.Metrics.Hangs = true;
        string[] ids = [await bench.StartAsync(Releases.Measuring("a")), await bench.StartAsync(Releases.Measuring("b"))];
        foreach (string id in ids)
        {
            await bench.WaitAsync(id, s => s.WaitingFor == WaitingFor.Analysis);
        }

        await Bench.UntilAsync(() => bench.Metrics.Asked == 1);
        foreach (string id in ids)
        {
            await bench.DecideAsync(id, Command.Abort);
            Assert.Equal(RolloutOutcome.Aborted, (await bench.WaitAsync(id, s => s.Outcome is not null)).Outcome);
        }
    }

    [Fact]
    public async Task DecideAsync_WhileTrafficIsWritten_LetsTheWriteEndThenRollsBack()
    {
        await using Bench bench = await Bench.RunAsync();
        TaskCompletionSource<bool> cancelled = new();
        TaskCompletionSource gate = new();
        bench.Cluster.BeforeWriting = async (split, token) =>
        {
            if (split.CanaryWeight == 5)
            {
                await gate.Task;
                cancelled.SetResult(token.IsCancellationRequested);
            }
        };
        string id = await bench.StartAsync(Releases.Asking("a"));
        await bench.WaitAsync(id, s => s.DesiredWeight == 5);

        await bench.DecideAsync(id, Command.Abort);
        Assert.Empty(bench.Cluster.Written);
        gate.SetResult();

        Assert.Equal(RolloutOutcome.Aborted, (await bench.WaitAsync(id, s => s.Outcome is not null)).Outcome);
        Assert.False(await cancelled.Task);
        Assert.Equal([5, 0], bench.Cluster.Weights);
    }

    [Fact]
    public async Task DecideAsync_ManyAtOnceEachTwice_NoneLostNoneAppliedTwice()
    {
        await using Bench bench = await Bench.RunAsync();
        string id = await bench.StartAsync(Releases.Asking("a"));
        await bench.WaitAsync(id, s => s.Question is not null);
        string[] ids = [.. Enumerable.Range(1, 150).Select(i => $"many{i}")];

        DecisionReceipt[] receipts = await Task.WhenAll(ids.Concat(ids).Select((d, i) => Task.Run(
            () => bench.DecideAsync(id, i % 2 == 0 ? Command.Pause : Command.Resume, d))));
        await bench.DecideAsync(id, Command.Abort);
        await bench.WaitAsync(id, s => s.Outcome is not null);

        Assert.Equal(ids.Length, receipts.Count(r => r.Outcome == DecisionOutcome.Accepted));
        Assert.Equal(ids.Length, receipts.Count(r => r.Outcome == DecisionOutcome.AlreadyAccepted));
        IReadOnlyList<JournalRecord> journal = await bench.JournalAsync(id);
        Assert.Equal(ids.Order(), journal.Where(r => r.Decision?.Id.StartsWith("many") == true).Select(r => r.Decision!.Id).Order());
        Assert.Equal(
            ids.Order(),
            journal.Where(r => r.Entry?.DecisionId?.StartsWith("many") == true).Select(r => r.Entry!.DecisionId!).Order());
    }

    [Fact]
    public async Task DecideAsync_ThroughTheJournal_WakesTheRolloutToo()
    {
        await using Bench bench = await Bench.RunAsync();
        string id = await bench.StartAsync(Releases.Asking("a"));
        await bench.WaitAsync(id, s => s.Question is not null);

        await bench.Engine.Journal.AppendDecisionAsync(
            id, new Decision { Id = "d", Command = Command.Abort, By = "jo", At = bench.Clock.GetUtcNow() }, Cancellation);

        Assert.Equal(RolloutOutcome.Aborted, (await bench.WaitAsync(id, s => s.Outcome is not null)).Outcome);
    }

    [Fact]
    public async Task DecideAsync_AfterTheEnd_IsAlreadyFinished()
    {
        await using Bench bench = await Bench.RunAsync();
        string id = await bench.StartAsync(Releases.Measuring("a"));
        await bench.PlayAsync(id, s => s.Outcome is not null);
        await bench.UntilFreeAsync(Releases.Measuring("a").Target);

        foreach (Command command in Enum.GetValues<Command>())
        {
            DecisionReceipt receipt = await bench.DecideAsync(id, command);
            Assert.Equal(DecisionOutcome.AlreadyFinished, receipt.Outcome);
            Assert.Equal(RolloutOutcome.Promoted, receipt.Status!.Outcome);
        }
    }

    [Fact]
    public async Task DecideAsync_RetryOfAnAbortedRollout_RunsItAgain()
    {
        await using Bench bench = await Bench.RunAsync();
        string id = await bench.StartAsync(Releases.Asking("a"));
        await bench.WaitAsync(id, s => s.Question is not null);
        await bench.DecideAsync(id, Command.Abort);
        await bench.WaitAsync(id, s => s.Outcome is not null);
        await bench.UntilFreeAsync(Releases.Asking("a").Target);

        Assert.Equal(DecisionOutcome.AlreadyFinished, (await bench.DecideAsync(id, Command.Promote)).Outcome);
        Assert.Equal(DecisionOutcome.Accepted, (await bench.DecideAsync(id, Command.Retry)).Outcome);
        await bench.WaitAsync(id, s => s.Question is not null && s.Attempt == 2);
        Assert.Equal(
            StartOutcome.TargetOwned, (await bench.Engine.StartAsync(Releases.Asking("a").Version(2), "pipeline", Cancellation)).Outcome);
        await bench.DecideAsync(id, Command.Promote);

        Assert.Equal(RolloutOutcome.Promoted, (await bench.WaitAsync(id, s => s.Outcome is not null)).Outcome);
    }

    [Fact]
    public async Task DecideAsync_RetryWhenAnotherHasTheTarget_NamesTheOwner()
    {
        await using Bench bench = await Bench.RunAsync();
        string id = await bench.StartAsync(Releases.Asking("a"));
        await bench.WaitAsync(id, s => s.Question is not null);
        await bench.DecideAsync(id, Command.Abort);
        await bench.UntilFreeAsync(Releases.Asking("a").Target);
        string second = await bench.StartAsync(Releases.Asking("a").Version(2));

        DecisionReceipt receipt = await bench.DecideAsync(id, Command.Retry);

        Assert.Equal(DecisionOutcome.TargetOwned, receipt.Outcome);
        Assert.Equal(second, receipt.Owner);
        Assert.Equal(RolloutOutcome.Aborted, (await bench.Engine.FindAsync(id, Cancellation))!.Outcome);
    }

    [Fact]
    public async Task DecideAsync_WhileTheJournalCloses_IsTakenOrAnsweredFinished()
    {
        await using Bench bench = await Bench.RunAsync(realTime: true);

        await Task.WhenAll(Enumerable.Range(0, 25).Select(async i =>
        {
            Random random = new(i);
            string id = await bench.StartAsync(Releases.Asking($"app{i}"));
            await bench.WaitAsync(id, s => s.Question is not null);
            await bench.DecideAsync(id, Command.Promote);
            List<(string Id, DecisionOutcome Outcome)> late = [];
            for (int n = 0; n == 0 || late[^1].Outcome == DecisionOutcome.Accepted; n++)
            {
                Assert.True(n < 10_000, "the journal never closed");
                late.Add(($"late{n}", (await bench.DecideAsync(id, Command.Resume, $"late{n}")).Outcome));
                await Task.Delay(random.Next(20), Cancellation);
            }

            Assert.Equal(DecisionOutcome.AlreadyFinished, late[^1].Outcome);
            IReadOnlyList<JournalRecord> journal = await bench.JournalAsync(id);
            foreach ((string decision, _) in late.SkipLast(1))
            {
                Assert.Single(journal, r => r.Entry?.DecisionId == decision);
            }
        }));
    }
}
