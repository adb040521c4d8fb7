using Rollouts.Contracts;
using Rollouts.Journal;

namespace Rollouts.Embedded.Tests.Journal;

public sealed class SqliteJournalTests : JournalContract, IAsyncLifetime
{
    private readonly Bench bench = new();

    protected override IRolloutJournal Journal => bench.Engine.Journal;

    public async ValueTask InitializeAsync() => await bench.OpenAsync();

    public ValueTask DisposeAsync() => bench.DisposeAsync();
}
