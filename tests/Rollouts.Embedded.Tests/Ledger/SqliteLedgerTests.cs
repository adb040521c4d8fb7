using Rollouts.Contracts;
using Rollouts.Engine;
using Rollouts.Journal;
using Rollouts.Ledger;
using Rollouts.Machine;

namespace Rollouts.Embedded.Tests.Ledger;

public sealed class SqliteLedgerTests : LedgerContract, IAsyncLifetime
{
    private readonly Bench bench = new();

    protected override IRolloutLedger Ledger => bench.Engine.Ledger;

    public async ValueTask InitializeAsync() => await bench.OpenAsync();

    public ValueTask DisposeAsync() => bench.DisposeAsync();

    [Fact]
    public async Task RunAsync_ARolloutThatEnds_StandsInTheLedgerAndStaysThereAfterARestart()
    {
        bench.Run();
        string id = await bench.StartAsync(Releases.Asking("checkout"));
        await bench.WaitAsync(id, s => s.Question is not null);
        await bench.DecideAsync(id, Command.Promote);
        await bench.WaitAsync(id, s => s.Outcome == RolloutOutcome.Promoted);
        await bench.UntilFreeAsync(Releases.Asking("checkout").Target);
        LedgerEntry? entry = await Ledger.FindAsync(id, TestContext.Current.CancellationToken);
        Assert.Equal(("shop/checkout", RolloutOutcome.Promoted, 1), (entry?.Row.Service, entry?.Row.Outcome, entry?.Row.Decisions));
        Assert.Single(entry!.Row.AnswersTook);

        await bench.CloseAsync();
        await bench.OpenAsync();
        Assert.Equivalent(entry, await Ledger.FindAsync(id, TestContext.Current.CancellationToken), strict: true);
    }
}
