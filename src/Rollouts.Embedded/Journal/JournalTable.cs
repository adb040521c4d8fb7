using Microsoft.Data.Sqlite;
using Rollouts.Embedded.State;
using Rollouts.Journal;

namespace Rollouts.Embedded.Journal;

/// <summary>The journals' rows, as one connection sees them. A decision's sequence number is its position.</summary>
internal sealed class JournalTable(SqliteConnection connection) : IDisposable
{
    private readonly Statement find = new(connection, "SELECT key FROM journals WHERE rollout = ?1");
    private readonly Statement later = new(
        connection, "SELECT rollout FROM journals WHERE key > ?1 AND substr(rollout, 1, length(?2)) = ?2 ORDER BY key DESC LIMIT 1");

    private readonly Statement create = new(connection, "INSERT INTO journals (rollout) VALUES (?1) RETURNING key");
    private readonly Statement isClosed = new(connection, "SELECT closed FROM journals WHERE key = ?1");
    private readonly Statement setClosed = new(connection, "UPDATE journals SET closed = ?2 WHERE key = ?1");
    private readonly Statement last = new(connection, "SELECT max(position) FROM journal WHERE journal = ?1");

    private readonly Statement insert = new(
        connection, "INSERT INTO journal (journal, position, number, decision, json) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING");

    private readonly Statement findDecision = new(connection, "SELECT position, json FROM journal WHERE journal = ?1 AND decision = ?2");

    // Without the hint SQLite walks every entry since the last decision.
    private readonly Statement decisions = new(
        connection,
        """
        SELECT position, json FROM journal INDEXED BY journal_decided
        WHERE journal = ?1 AND decision IS NOT NULL AND position > ?2 ORDER BY position
        """);

    private readonly Statement page = new(
        connection, "SELECT position, number IS NULL, json FROM journal WHERE journal = ?1 AND position > ?2 ORDER BY position LIMIT ?3");

    /// <summary>The key of a rollout's journal, or null.</summary>
    public long? Find(string rolloutId) => (long?)find.Value(rolloutId);

    /// <summary>The latest rollout whose journal was begun after another's and whose id begins as given, or null.</summary>
    public string? Later(long key, string beginning) => (string?)later.Value(key, beginning);

    /// <summary>The key of a rollout's journal, new if need be.</summary>
    public long FindOrCreate(string rolloutId) => Find(rolloutId) ?? (long)create.Value(rolloutId)!;

    public bool IsClosed(long key) => isClosed.Value(key) is 1L;

    public void Reopen(long key) => setClosed.Run(key, 0);

    public DecisionAppend Append(long key, Decision decision)
    {
        if (First(key, decision.Id) is { } first)
        {
            return new DecisionAppend(
                first.Decision.Command == decision.Command ? DecisionAppendOutcome.AlreadyThere : DecisionAppendOutcome.IdTaken, first.Sequence);
        }

        if (IsClosed(key))
        {
            return new DecisionAppend(DecisionAppendOutcome.Closed, 0);
        }

        long position = Last(key) + 1;
        insert.Run(key, position, null, decision.Id, StoredJson.Write(decision));
        return new DecisionAppend(DecisionAppendOutcome.Appended, position);
    }

    public void Append(long key, IReadOnlyList<JournalEntry> entries)
    {
        long position = Last(key) + 1;
        foreach (JournalEntry entry in entries)
        {
            position += insert.Run(key, position, entry.Number, null, StoredJson.Write(entry));
        }
    }

    /// <summary>Answers whether the journal is closed now.</summary>
    public bool TryClose(long key, long lastRead)
    {
        if (!IsClosed(key) && Decisions(key, lastRead).Count > 0)
        {
            return false;
        }

        setClosed.Run(key, 1);
        return true;
    }

    public IReadOnlyList<SequencedDecision> Decisions(long key, long after)
    {
        using SqliteDataReader rows = decisions.Rows(key, after);
        List<SequencedDecision>? found = null;
        while (rows.Read())
        {
            (found ??= []).Add(new SequencedDecision(rows.GetInt64(0), StoredJson.ReadDecision(rows.GetFieldValue<byte[]>(1))));
        }

        return found ?? [];
    }

    public IReadOnlyList<JournalRecord> Page(long key, long after, int most)
    {
        using SqliteDataReader rows = page.Rows(key, after, most);
        List<JournalRecord> found = [];
        while (rows.Read())
        {
            byte[] json = rows.GetFieldValue<byte[]>(2);
            found.Add(rows.GetBoolean(1)
                ? new JournalRecord(rows.GetInt64(0), null, StoredJson.ReadDecision(json))
                : new JournalRecord(rows.GetInt64(0), StoredJson.ReadEntry(json), null));
        }

        return found;
    }

    public void Dispose()
    {
        foreach (Statement statement in (Statement[])[find, create, isClosed, setClosed, last, insert, findDecision, decisions, page])
        {
            statement.Dispose();
        }
    }

    private SequencedDecision? First(long key, string id)
    {
        using SqliteDataReader rows = findDecision.Rows(key, id);
        return rows.Read() ? new SequencedDecision(rows.GetInt64(0), StoredJson.ReadDecision(rows.GetFieldValue<byte[]>(1))) : null;
    }

    private long Last(long key) => last.Value(key) is long position ? position : 0;
}
