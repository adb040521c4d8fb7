using Rollouts.Journal;

namespace Rollouts.Contracts;

/// <summary>What <see cref="IRolloutJournal"/> promises.</summary>
public abstract class JournalContract
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly string rollout = $"shop.checkout.{Guid.NewGuid():N}";

    protected abstract IRolloutJournal Journal { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AppendDecisionAsync_New_StandsInTheJournal()
    {
        DecisionAppend append = await Journal.AppendDecisionAsync(rollout, Decision("d1"), Cancellation);

        Assert.Equal(DecisionAppendOutcome.Appended, append.Outcome);
        SequencedDecision read = Assert.Single(await Journal.ReadDecisionsAsync(rollout, 0, Cancellation));
        Assert.Equal(new SequencedDecision(append.Sequence, Decision("d1")), read);
        Assert.True(append.Sequence > 0);
    }

    [Fact]
    public async Task AppendDecisionAsync_SameIdAgain_AnswersAsTheFirstTimeAndAppendsNothing()
    {
        DecisionAppend first = await Journal.AppendDecisionAsync(rollout, Decision("d1"), Cancellation);
        await Journal.AppendDecisionAsync(rollout, Decision("d2"), Cancellation);

        DecisionAppend again = await Journal.AppendDecisionAsync(rollout, Decision("d1") with { Reason = "sent again" }, Cancellation);
        DecisionAppend other = await Journal.AppendDecisionAsync(rollout, Decision("d1") with { Command = Command.Abort }, Cancellation);

        Assert.Equal(new DecisionAppend(DecisionAppendOutcome.IdTaken, first.Sequence), other);
        Assert.Equal(new DecisionAppend(DecisionAppendOutcome.AlreadyThere, first.Sequence), again);
        IReadOnlyList<SequencedDecision> read = await Journal.ReadDecisionsAsync(rollout, 0, Cancellation);
        Assert.Equal(["d1", "d2"], read.Select(d => d.Decision.Id));
        Assert.Equal(Command.Pause, read[0].Decision.Command);
    }

    [Fact]
    public async Task AppendDecisionAsync_ManyAtOnceEachTwice_NoneLostNoneTwice()
    {
        string[] ids = [.. Enumerable.Range(1, 40).Select(i => $"d{i}")];

        DecisionAppend[] appends = await Task.WhenAll(
            ids.Concat(ids).Select(id => Task.Run(() => Journal.AppendDecisionAsync(rollout, Decision(id), Cancellation))));

        Assert.Equal(ids.Length, appends.Count(a => a.Outcome == DecisionAppendOutcome.Appended));
        Assert.Equal(ids.Length, appends.Count(a => a.Outcome == DecisionAppendOutcome.AlreadyThere));
        IReadOnlyList<SequencedDecision> read = await Journal.ReadDecisionsAsync(rollout, 0, Cancellation);
        Assert.Equal(ids.Order(), read.Select(d => d.Decision.Id).Order());
        AssertAscending(read.Select(d => d.Sequence));
        Assert.Equal(appends.Select(a => a.Sequence).Distinct().Order(), read.Select(d => d.Sequence));
    }

    [Fact]
    public async Task ReadDecisionsAsync_WhileOthersAppend_NeverPassesOneBy()
    {
        const int Decisions = 60;
        Task appending = Parallel.ForAsync(
            0, Decisions, Cancellation, async (i, token) => await Journal.AppendDecisionAsync(rollout, Decision($"d{i}"), token));

        List<SequencedDecision> read = [];
        while (read.Count < Decisions)
        {
            bool last = appending.IsCompleted;
            read.AddRange(await Journal.ReadDecisionsAsync(rollout, read.Count == 0 ? 0 : read[^1].Sequence, Cancellation));
            Assert.False(last && read.Count < Decisions, $"{Decisions - read.Count} decisions came to stand before one that had been read");
        }

        await appending;
        AssertAscending(read.Select(d => d.Sequence));
        Assert.Equal(Decisions, read.Select(d => d.Decision.Id).Distinct().Count());
    }

    [Fact]
    public async Task ReadDecisionsAsync_EntriesBetween_ReadsDecisionsOnly()
    {
        DecisionAppend first = await Journal.AppendDecisionAsync(rollout, Decision("d1"), Cancellation);
        await Journal.AppendAsync(rollout, [Entry(1), Entry(2)], Cancellation);
        await Journal.AppendDecisionAsync(rollout, Decision("d2"), Cancellation);

        IReadOnlyList<SequencedDecision> read = await Journal.ReadDecisionsAsync(rollout, first.Sequence, Cancellation);

        Assert.Equal("d2", Assert.Single(read).Decision.Id);
    }

    [Fact]
    public async Task AppendAsync_NumberAlreadyThere_IsLeftAsItIs()
    {
        await Journal.AppendAsync(rollout, [Entry(1), Entry(2)], Cancellation);
        await Journal.AppendAsync(rollout, [Entry(2) with { Message = "changed" }, Entry(3)], Cancellation);

        IReadOnlyList<JournalRecord> read = await Journal.ReadAsync(rollout, 0, 100, Cancellation);

        Assert.Equal([Entry(1), Entry(2), Entry(3)], read.Select(r => r.Entry));
    }

    [Fact]
    public async Task AppendAsync_NumbersLeftOut_TakesThemLater()
    {
        await Journal.AppendAsync(rollout, [Entry(1), Entry(4)], Cancellation);
        await Journal.AppendAsync(rollout, [Entry(3)], Cancellation);

        IReadOnlyList<JournalRecord> read = await Journal.ReadAsync(rollout, 0, 100, Cancellation);

        Assert.Equal([1, 3, 4], read.Select(r => r.Entry!.Number).Order());
    }

    [Fact]
    public async Task AppendAsync_SameEntriesAtOnce_StandOnce()
    {
        JournalEntry[] entries = [.. Enumerable.Range(1, 20).Select(Entry)];

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Journal.AppendAsync(rollout, entries, Cancellation))));

        IReadOnlyList<JournalRecord> read = await Journal.ReadAsync(rollout, 0, 1000, Cancellation);
        Assert.Equal(entries, read.Select(r => r.Entry));
    }

    [Fact]
    public async Task ReadAsync_PageByPage_GivesEverythingInOneOrder()
    {
        await Journal.AppendAsync(rollout, [Entry(1), Entry(2)], Cancellation);
        await Journal.AppendDecisionAsync(rollout, Decision("d1"), Cancellation);
        await Journal.AppendAsync(rollout, [Entry(3)], Cancellation);
        await Journal.AppendDecisionAsync(rollout, Decision("d2"), Cancellation);

        List<JournalRecord> read = [];
        for (IReadOnlyList<JournalRecord> page = await Journal.ReadAsync(rollout, 0, 2, Cancellation);
            page.Count > 0;
            page = await Journal.ReadAsync(rollout, read[^1].Position, 2, Cancellation))
        {
            Assert.InRange(page.Count, 1, 2);
            read.AddRange(page);
        }

        Assert.Equal(["1", "2", "d1", "3", "d2"], read.Select(r => r.Decision?.Id ?? $"{r.Entry!.Number}"));
        AssertAscending(read.Select(r => r.Position));
    }

    [Fact]
    public async Task ReadAsync_UnknownRollout_IsEmpty()
    {
        Assert.Empty(await Journal.ReadAsync(rollout, 0, 10, Cancellation));
        Assert.Empty(await Journal.ReadDecisionsAsync(rollout, 0, Cancellation));
    }

    [Fact]
    public async Task ReadAsync_OtherRollout_SeesNothingOfIt()
    {
        await Journal.AppendAsync(rollout, [Entry(1)], Cancellation);
        await Journal.AppendDecisionAsync(rollout, Decision("d1"), Cancellation);

        Assert.Empty(await Journal.ReadAsync(rollout + "0", 0, 10, Cancellation));
        Assert.Equal(DecisionAppendOutcome.Appended, (await Journal.AppendDecisionAsync(rollout + "0", Decision("d1"), Cancellation)).Outcome);
    }

    [Fact]
    public async Task TryCloseAsync_UnreadDecision_StaysOpen()
    {
        DecisionAppend first = await Journal.AppendDecisionAsync(rollout, Decision("d1"), Cancellation);
        DecisionAppend second = await Journal.AppendDecisionAsync(rollout, Decision("d2"), Cancellation);

        Assert.False(await Journal.TryCloseAsync(rollout, first.Sequence, Cancellation));
        Assert.Equal(DecisionAppendOutcome.Appended, (await Journal.AppendDecisionAsync(rollout, Decision("d3"), Cancellation)).Outcome);
        Assert.False(await Journal.TryCloseAsync(rollout, second.Sequence, Cancellation));
    }

    [Fact]
    public async Task TryCloseAsync_AllRead_ClosesForDecisionsOnly()
    {
        DecisionAppend first = await Journal.AppendDecisionAsync(rollout, Decision("d1"), Cancellation);

        Assert.True(await Journal.TryCloseAsync(rollout, first.Sequence, Cancellation));

        Assert.Equal(new DecisionAppend(DecisionAppendOutcome.Closed, 0), await Journal.AppendDecisionAsync(rollout, Decision("d2"), Cancellation));
        Assert.Equal(
            new DecisionAppend(DecisionAppendOutcome.AlreadyThere, first.Sequence),
            await Journal.AppendDecisionAsync(rollout, Decision("d1"), Cancellation));
        await Journal.AppendAsync(rollout, [Entry(1)], Cancellation);
        Assert.Equal(2, (await Journal.ReadAsync(rollout, 0, 10, Cancellation)).Count);
    }

    [Fact]
    public async Task TryCloseAsync_Again_IsClosed()
    {
        Assert.True(await Journal.TryCloseAsync(rollout, 0, Cancellation));
        Assert.True(await Journal.TryCloseAsync(rollout, 0, Cancellation));
    }

    [Fact]
    public async Task TryCloseAsync_WhileADecisionComesIn_OneOfTheTwoWins()
    {
        for (int round = 0; round < 40; round++)
        {
            string id = $"{rollout}-{round}";
            Task<bool> closing = Task.Run(() => Journal.TryCloseAsync(id, 0, Cancellation));
            Task<DecisionAppend> appending = Task.Run(() => Journal.AppendDecisionAsync(id, Decision("d1"), Cancellation));

            bool closed = await closing;
            DecisionAppend append = await appending;

            Assert.Equal(closed ? DecisionAppendOutcome.Closed : DecisionAppendOutcome.Appended, append.Outcome);
            Assert.Equal(closed ? 0 : 1, (await Journal.ReadDecisionsAsync(id, 0, Cancellation)).Count);
        }
    }

    private static Decision Decision(string id) => new()
    {
        Id = id,
        Command = Command.Pause,
        By = "jo",
        Channel = "cli",
        At = Noon,
        Reason = "a \"reason\"\nwith an ümlaut",
    };

    private static JournalEntry Entry(int number) => new()
    {
        Number = number,
        At = Noon.AddSeconds(number),
        Type = EventType.Measured,
        Step = 3,
        Weight = 5,
        Message = $"entry {number}",
        Metric = "error-rate",
        Value = "[NaN]",
    };

    private static void AssertAscending(IEnumerable<long> numbers)
    {
        long[] all = [.. numbers];
        Assert.Equal(all.Order().Distinct(), all);
    }
}
