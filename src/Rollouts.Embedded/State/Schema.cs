using Microsoft.Data.Sqlite;

namespace Rollouts.Embedded.State;

/// <summary>
/// The tables. A state file carries the number of the last script that was run on it in <c>user_version</c>; opening it runs the ones after that.
/// A script that has been released is never changed, only followed by another.
/// </summary>
internal static class Schema
{
    private static readonly string[] Scripts =
    [
        """
        -- A journal may outlive its rollout and be written before it, so it has the id, and its key is the rollout's.
        CREATE TABLE journals (
            key     INTEGER PRIMARY KEY,
            rollout TEXT NOT NULL UNIQUE,
            closed  INTEGER NOT NULL DEFAULT 0
        ) STRICT;

        -- Entries have a number, decisions a decision id; position counts both, from 1 in each journal.
        CREATE TABLE journal (
            journal  INTEGER NOT NULL,
            position INTEGER NOT NULL,
            number   INTEGER,
            decision TEXT,
            json     BLOB NOT NULL,
            PRIMARY KEY (journal, position)
        ) STRICT, WITHOUT ROWID;
        CREATE UNIQUE INDEX journal_entry ON journal (journal, number) WHERE number IS NOT NULL;
        CREATE UNIQUE INDEX journal_decision ON journal (journal, decision) WHERE decision IS NOT NULL;
        CREATE INDEX journal_decided ON journal (journal, position) WHERE decision IS NOT NULL;

        -- What never changes of a rollout stands apart from what every turn rewrites.
        CREATE TABLE rollouts (
            key        INTEGER PRIMARY KEY,
            started_by TEXT NOT NULL,
            started_at INTEGER NOT NULL,
            release    BLOB NOT NULL
        ) STRICT;

        -- effects: still to be performed, null when the rollout sleeps. observations: what the next turn is told beside what the effects bring.
        -- due: when the next turn is to be taken (UTC ticks); null while effects are under way and when only a decision can move the rollout.
        CREATE TABLE generations (
            key          INTEGER PRIMARY KEY,
            number       INTEGER NOT NULL,
            stage        TEXT NOT NULL,
            outcome      TEXT,
            finished     INTEGER NOT NULL,
            state        BLOB NOT NULL,
            effects      BLOB,
            observations BLOB,
            wake_at      INTEGER,
            due          INTEGER
        ) STRICT;
        CREATE INDEX generations_due ON generations (due) WHERE due IS NOT NULL;
        CREATE INDEX generations_unfinished ON generations (key) WHERE finished = 0;

        -- Every object that a running rollout shifts traffic on or between has one owner.
        CREATE TABLE targets (
            object TEXT PRIMARY KEY,
            key    INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX targets_owner ON targets (key);
        """,
        """
        -- Posts to chat that were begun (UTC ticks), and those that are known to be there.
        CREATE TABLE outbox (
            rollout  TEXT NOT NULL,
            post     TEXT NOT NULL,
            begun_at INTEGER NOT NULL,
            posted   INTEGER NOT NULL DEFAULT 0,
            message  TEXT,
            PRIMARY KEY (rollout, post)
        ) STRICT, WITHOUT ROWID;
        """,
        """
        -- What attempts came to, and what people said of it. It outlives rollouts and journals. finished: UTC ticks.
        CREATE TABLE ledger (
            rollout   TEXT NOT NULL,
            attempt   INTEGER NOT NULL,
            finished  INTEGER NOT NULL,
            row       BLOB NOT NULL,
            judgement BLOB,
            PRIMARY KEY (rollout, attempt)
        ) STRICT;
        CREATE INDEX ledger_finished ON ledger (finished);
        """,
    ];

    /// <summary>Brings a file up to this build.</summary>
    /// <exception cref="StateFileException">A newer build has written the file, or it is some other program's.</exception>
    public static void Migrate(SqliteConnection connection, string path)
    {
        int version = (int)(long)Scalar(connection, "PRAGMA user_version")!;
        if (version > Scripts.Length)
        {
            throw new StateFileException(
                path, $"was written by a newer build (schema {version}, this build knows {Scripts.Length}); run that build, or use another file");
        }

        if (version == 0 && (long)Scalar(connection, "SELECT count(*) FROM sqlite_schema")! > 0)
        {
            throw new StateFileException(path, "is a database of some other program; use another file");
        }

        for (; version < Scripts.Length; version++)
        {
            using SqliteTransaction transaction = connection.BeginTransaction();
            using SqliteCommand command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = $"{Scripts[version]}\nPRAGMA user_version = {version + 1};";
            command.ExecuteNonQuery();
            transaction.Commit();
        }
    }

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
