using Microsoft.Data.Sqlite;
using Rollouts.Embedded.Journal;
using Rollouts.Embedded.Ledger;
using Rollouts.Embedded.Notifications;

namespace Rollouts.Embedded.State;

/// <summary>Everything in the state file, as one connection sees it. Not for two threads at once.</summary>
internal sealed class Tables(SqliteConnection connection) : IDisposable
{
    public JournalTable Journal { get; } = new(connection);

    public GenerationTable Generations { get; } = new(connection);

    public TargetTable Targets { get; } = new(connection);

    public OutboxTable Outbox { get; } = new(connection);

    public LedgerTable Ledger { get; } = new(connection);

    public bool InTransaction => SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle) == 0;

    public Statement Statement(string sql) => new(connection, sql);

    public void Dispose()
    {
        Journal.Dispose();
        Generations.Dispose();
        Targets.Dispose();
        Outbox.Dispose();
        Ledger.Dispose();
        connection.Dispose();
    }
}
