using Rollouts.AzureStorage.Journal;
using Rollouts.AzureStorage.Tests.Azurite;
using Rollouts.Contracts;
using Rollouts.Journal;

namespace Rollouts.AzureStorage.Tests.Journal;

public sealed class AzureTableJournalTests(AzuriteServer azurite) : JournalContract
{
    private readonly AzureTableJournal journal = new(azurite.Tables, TimeProvider.System);

    // Another process on the same table: it shares no queue with the first.
    private readonly AzureTableJournal elsewhere = new(azurite.Tables, TimeProvider.System);

    private readonly string rollout = $"shop.cart.{Guid.NewGuid():N}";

    protected override IRolloutJournal Journal => journal;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AppendAsync_TwoProcessesAtOnce_NoPositionLostOrTaken()
    {
        const int Each = 25;
        await Task.WhenAll(
            Parallel.ForAsync(0, Each, Cancellation, async (i, token) => await journal.AppendAsync(rollout, [Entry(i + 1)], token)),
            Parallel.ForAsync(0, Each, Cancellation, async (i, token) => await elsewhere.AppendAsync(rollout, [Entry(i + 1), Entry(Each + i + 1)], token)),
            Parallel.ForAsync(0, Each, Cancellation, async (i, token) => await elsewhere.AppendDecisionAsync(rollout, Decision($"d{i}"), token)),
            Parallel.ForAsync(0, Each, Cancellation, async (i, token) => await journal.AppendDecisionAsync(rollout, Decision($"d{i}"), token)));

        IReadOnlyList<JournalRecord> read = await journal.ReadAsync(rollout, 0, 1000, Cancellation);

        Assert.Equal(Enumerable.Range(1, 3 * Each).Select(i => (long)i), read.Select(r => r.Position));
        Assert.Equal(Enumerable.Range(1, 2 * Each), read.Where(r => r.Entry is not null).Select(r => r.Entry!.Number).Order());
        Assert.Equal(Each, read.Where(r => r.Decision is not null).Select(r => r.Decision!.Id).Distinct().Count());
    }

    [Fact]
    public async Task AppendAsync_MoreThanATransactionTakes_AppendsAll()
    {
        await journal.AppendAsync(rollout, [.. Enumerable.Range(1, 250).Select(Entry)], Cancellation);

        IReadOnlyList<JournalRecord> read = await journal.ReadAsync(rollout, 0, 1000, Cancellation);

        Assert.Equal(Enumerable.Range(1, 250), read.Select(r => r.Entry!.Number));
        Assert.Equal(250, await journal.LastNumberAsync(rollout, Cancellation));
    }

    [Fact]
    public async Task ReopenAsync_Closed_AppendsAndOpens()
    {
        await journal.TryCloseAsync(rollout, 0, Cancellation);

        DecisionAppend append = await journal.ReopenAsync(rollout, Decision("again"), Cancellation);

        Assert.Equal(DecisionAppendOutcome.Appended, append.Outcome);
        Assert.Equal("again", Assert.Single(await journal.ReadDecisionsAsync(rollout, 0, Cancellation)).Decision.Id);
        Assert.False(await journal.TryCloseAsync(rollout, 0, Cancellation));
        Assert.Equal(DecisionAppendOutcome.Appended, (await journal.AppendDecisionAsync(rollout, Decision("more"), Cancellation)).Outcome);
        Assert.Equal(DecisionAppendOutcome.AlreadyThere, (await journal.ReopenAsync(rollout, Decision("again"), Cancellation)).Outcome);
    }

    [Fact]
    public async Task AppendDecisionAsync_IdOfAnyCharacters_IsTaken()
    {
        string id = "a/b\\c#d?e'f\u0001 " + new string('ü', 150);

        await journal.AppendDecisionAsync(rollout, Decision(id), Cancellation);

        Assert.Equal(DecisionAppendOutcome.AlreadyThere, (await journal.AppendDecisionAsync(rollout, Decision(id), Cancellation)).Outcome);
        Assert.Equal(id, Assert.Single(await journal.ReadDecisionsAsync(rollout, 0, Cancellation)).Decision.Id);
    }

    [Fact]
    public async Task AnyMember_NobodyAnswers_EndsWithAPortException()
    {
        AzureTableJournal unreachable = new(
            TableAccess.Connect("DefaultEndpointsProtocol=http;AccountName=a;AccountKey=YQ==;TableEndpoint=http://127.0.0.1:1/a;"), TimeProvider.System);

        PortException failure = await Assert.ThrowsAsync<PortException>(() => unreachable.ReadDecisionsAsync(rollout, 0, Cancellation));

        Assert.Equal(FailureKind.Transient, failure.Kind);
        Assert.Contains("RolloutJournal", failure.Message, StringComparison.Ordinal);
    }

    private static JournalEntry Entry(int number) =>
        new() { Number = number, At = DateTimeOffset.UnixEpoch, Type = EventType.Measured, Message = $"entry {number}" };

    private static Decision Decision(string id) =>
        new() { Id = id, Command = Command.Retry, By = "jo", At = DateTimeOffset.UnixEpoch };
}
