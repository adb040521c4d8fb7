using Microsoft.Data.Sqlite;
using Rollouts.Embedded.State;
using Rollouts.Ledger;

namespace Rollouts.Embedded.Ledger;

/// <summary>The ledger's rows, as one connection sees them.</summary>
internal sealed class LedgerTable(SqliteConnection connection) : IDisposable
{
    private readonly Statement record = new(
        connection,
        """
        INSERT INTO ledger (rollout, attempt, finished, row) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT DO UPDATE SET finished = excluded.finished, row = excluded.row
        """);

    private readonly Statement judge = new(
        connection, "UPDATE ledger SET judgement = ?2 WHERE rollout = ?1 AND attempt = (SELECT max(attempt) FROM ledger WHERE rollout = ?1)");

    private readonly Statement find = new(connection, "SELECT row, judgement FROM ledger WHERE rollout = ?1 ORDER BY attempt DESC LIMIT 1");
    private readonly Statement read = new(connection, "SELECT row, judgement FROM ledger WHERE finished >= ?1 ORDER BY finished DESC, rollout, attempt DESC");

    public void Record(LedgerRow row) => record.Run(row.RolloutId, row.Attempt, row.FinishedAt.UtcTicks, StoredJson.Write(row));

    public void Judge(string rolloutId, Judgement judgement) => judge.Run(rolloutId, StoredJson.Write(judgement));

    public LedgerEntry? Find(string rolloutId) => All(find.Rows(rolloutId)).FirstOrDefault();

    public IReadOnlyList<LedgerEntry> Read(DateTimeOffset since) => All(read.Rows(since.UtcTicks));

    public void Dispose()
    {
        foreach (Statement statement in (Statement[])[record, judge, find, read])
        {
            statement.Dispose();
        }
    }

    private static List<LedgerEntry> All(SqliteDataReader rows)
    {
        using (rows)
        {
            List<LedgerEntry> found = [];
            while (rows.Read())
            {
                found.Add(StoredJson.ReadLedger(rows.GetFieldValue<byte[]>(0), rows.IsDBNull(1) ? null : rows.GetFieldValue<byte[]>(1)));
            }

            return found;
        }
    }
}
