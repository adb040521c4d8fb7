using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Rollouts.Embedded.State;

/// <summary>The state file: one connection that writes, as many as need be that read, and the lock that makes this process the only one.</summary>
internal sealed class StateFile : IAsyncDisposable
{
    // Checkpoints copy pages in the order of the file; with 16 MiB between two of them most of what is rewritten over and over is copied once.
    private const int PagesBetweenCheckpoints = 4096;

    private readonly string connectionString;
    private readonly StateFileLock held;
    private readonly ConcurrentBag<Tables> readers = [];
    private volatile bool closed;

    private StateFile(string connectionString, StateFileLock held, Tables tables)
    {
        this.connectionString = connectionString;
        this.held = held;
        Writer = new StateWriter(tables);
    }

    public StateWriter Writer { get; }

    /// <exception cref="StateFileException">The file can't be used.</exception>
    public static StateFile Open(string path)
    {
        StateFileLock held = StateFileLock.Take(path);
        try
        {
            string connectionString = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString();
            SqliteConnection connection = Connect(connectionString);
            try
            {
                // FULL: what was answered (a start, a decision) outlasts a loss of power too. It costs one flush per batch, not per write.
                Execute(connection, $"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = {PagesBetweenCheckpoints};");
                Schema.Migrate(connection, path);
                return new StateFile(connectionString, held, new Tables(connection));
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        }
        catch (SqliteException refused)
        {
            held.Dispose();
            throw new StateFileException(path, Explain(refused), refused);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Reads what has been committed, beside the writer.</summary>
    public T Read<T>(Func<Tables, T> read)
    {
        ObjectDisposedException.ThrowIf(closed, typeof(EmbeddedEngine));
        if (!readers.TryTake(out Tables? tables))
        {
            tables = new Tables(Connect(connectionString));
        }

        try
        {
            return read(tables);
        }
        finally
        {
            readers.Add(tables);
            if (closed)
            {
                CloseReaders();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        closed = true;
        CloseReaders();
        await Writer.DisposeAsync().ConfigureAwait(false);
        held.Dispose();
    }

    private void CloseReaders()
    {
        while (readers.TryTake(out Tables? tables))
        {
            tables.Dispose();
        }
    }

    private static SqliteConnection Connect(string connectionString)
    {
        SqliteConnection connection = new(connectionString);
        connection.Open();
        return connection;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static string Explain(SqliteException refused) => refused.SqliteErrorCode switch
    {
        SQLitePCL.raw.SQLITE_NOTADB => "is not a state file; use another file, or move this one away",
        SQLitePCL.raw.SQLITE_CORRUPT => "is damaged; restore it from a copy, or move it away and start the releases again",
        SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_CANTOPEN => "can't be written; let this user write the file and its folder",
        SQLitePCL.raw.SQLITE_FULL => "the disk is full; make room",
        SQLitePCL.raw.SQLITE_BUSY => "another program holds it (a database browser with an open transaction?); close that one",
        _ => $"SQLite says: {refused.Message}",
    };
}
