using Microsoft.Data.Sqlite;
using Rollouts.Machine;

namespace Rollouts.Embedded.State;

/// <summary>The rollouts and their generations, as one connection sees them.</summary>
internal sealed class GenerationTable(SqliteConnection connection) : IDisposable
{
    private const string Columns = "g.key, g.number, g.state, r.release, g.effects, g.observations, g.wake_at";

    private readonly Statement insertRollout = new(
        connection, "INSERT INTO rollouts (key, started_by, started_at, release) VALUES (?1, ?2, ?3, ?4)");

    private readonly Statement insert = new(
        connection,
        """
        INSERT INTO generations (key, number, stage, outcome, finished, state, effects, observations, wake_at, due)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
        """);

    private readonly Statement update = new(
        connection,
        """
        UPDATE generations SET number = ?2, stage = ?3, outcome = ?4, finished = ?5, state = ?6, effects = ?7, observations = ?8, wake_at = ?9, due = ?10
        WHERE key = ?1 AND number = ?2 - 1
        """);

    private readonly Statement sleep = new(
        connection,
        """
        UPDATE generations SET number = ?2, effects = NULL, observations = ?3, wake_at = ?4, due = ?5
        WHERE key = ?1 AND number = ?2 - 1
        """);

    private readonly Statement postpone = new(connection, "UPDATE generations SET due = ?2 WHERE key = ?1");

    private readonly Statement find = new(
        connection, $"SELECT {Columns} FROM generations g JOIN rollouts r ON r.key = g.key WHERE g.key = ?1");

    private readonly Statement exists = new(connection, "SELECT 1 FROM generations WHERE key = ?1");

    private readonly Statement list = new(
        connection, $"SELECT {Columns} FROM generations g JOIN rollouts r ON r.key = g.key ORDER BY g.key DESC LIMIT ?1");

    private readonly Statement due = new(connection, "SELECT key FROM generations WHERE due <= ?1 ORDER BY due LIMIT ?2");
    private readonly Statement nextDue = new(connection, "SELECT due FROM generations WHERE due IS NOT NULL ORDER BY due LIMIT 1");

    private readonly Statement underWay = new(
        connection, "SELECT key FROM generations INDEXED BY generations_unfinished WHERE finished = 0 AND effects IS NOT NULL");

    public void Insert(Generation generation, string startedBy)
    {
        Rollout rollout = generation.Rollout;
        insertRollout.Run(generation.Key, startedBy, rollout.StartedAt.UtcTicks, StoredJson.Write(rollout.Release));
        Write(insert, generation);
    }

    public void Update(Generation generation) => Require(Write(update, generation), generation);

    /// <summary>The effects are done: what they brought is kept for the next turn.</summary>
    public void Sleep(Generation generation) => Require(
        sleep.Run(
            generation.Key,
            generation.Number,
            StoredJson.Write(generation.Observations),
            generation.WakeAt?.UtcTicks,
            generation.Due?.UtcTicks),
        generation);

    /// <summary>Makes a sleeping rollout due at another time.</summary>
    public void Postpone(long key, DateTimeOffset until) => postpone.Run(key, until.UtcTicks);

    public Generation? Find(long key)
    {
        using SqliteDataReader rows = find.Rows(key);
        return rows.Read() ? Read(rows) : null;
    }

    public bool Exists(long key) => exists.Value(key) is not null;

    /// <summary>Newest first.</summary>
    public IReadOnlyList<Generation> List(int most)
    {
        using SqliteDataReader rows = list.Rows(most);
        List<Generation> found = [];
        while (rows.Read())
        {
            found.Add(Read(rows));
        }

        return found;
    }

    /// <summary>Keys of the rollouts whose next turn is due, longest due first.</summary>
    public IReadOnlyList<long> Due(DateTimeOffset now, int most) => Keys(due.Rows(now.UtcTicks, most));

    public DateTimeOffset? NextDue() => nextDue.Value() is long ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>Keys of the rollouts whose effects were under way when the process ended.</summary>
    public IReadOnlyList<long> UnderWay() => Keys(underWay.Rows());

    public void Dispose()
    {
        foreach (Statement statement in (Statement[])[insertRollout, insert, update, sleep, postpone, find, exists, list, due, nextDue, underWay])
        {
            statement.Dispose();
        }
    }

    private static int Write(Statement statement, Generation generation)
    {
        Rollout rollout = generation.Rollout;
        return statement.Run(
            generation.Key,
            generation.Number,
            rollout.Stage.ToString(),
            rollout.Outcome?.ToString(),
            rollout.IsFinished ? 1 : 0,
            StoredJson.Write(rollout),
            StoredJson.Write(generation.Effects),
            StoredJson.Write(generation.Observations),
            generation.WakeAt?.UtcTicks,
            generation.Due?.UtcTicks);
    }

    private static void Require(int changed, Generation generation)
    {
        if (changed != 1)
        {
            throw new InvalidOperationException($"generation {generation.Number} of {generation.Rollout.Id} does not follow the one that is stored");
        }
    }

    private static Generation Read(SqliteDataReader row) => new(
        row.GetInt64(0),
        row.GetInt64(1),
        StoredJson.ReadRollout(row.GetFieldValue<byte[]>(2), row.GetFieldValue<byte[]>(3)),
        StoredJson.ReadEffects(Blob(row, 4)),
        StoredJson.ReadObservations(Blob(row, 5)),
        row.IsDBNull(6) ? null : new DateTimeOffset(row.GetInt64(6), TimeSpan.Zero));

    private static byte[]? Blob(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<byte[]>(column);

    private static List<long> Keys(SqliteDataReader rows)
    {
        using (rows)
        {
            List<long> keys = [];
            while (rows.Read())
            {
                keys.Add(rows.GetInt64(0));
            }

            return keys;
        }
    }
}
