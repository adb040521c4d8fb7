using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Rollouts.Embedded.State;

/// <summary>
/// The one thread that writes. Whatever waits when it comes round goes into one transaction, so a flush to disk is shared by all of it; under load the
/// batches grow by themselves. Because everything that changes a rollout happens here, one after the other, a turn and a decision never race.
/// </summary>
internal sealed class StateWriter : IAsyncDisposable
{
    private const int MostPerBatch = 256;

    private readonly Tables tables;
    private readonly BlockingCollection<Operation> queue = [];
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Statement begin;
    private readonly Statement commit;
    private readonly Statement rollback;

    public StateWriter(Tables tables)
    {
        this.tables = tables;
        begin = tables.Statement("BEGIN IMMEDIATE");
        commit = tables.Statement("COMMIT");
        rollback = tables.Statement("ROLLBACK");
        new Thread(Run) { IsBackground = true, Name = "rollouts state writer" }.Start();
    }

    /// <summary>Does some work in a transaction, and answers once it stands on the disk.</summary>
    /// <param name="work">Writes and reads. May run twice (a batch in which something failed is taken apart), so it changes nothing but the tables.</param>
    /// <param name="committed">Runs on the writer's thread right after the commit, before any later work; has to be quick and must not throw.</param>
    public Task<T> RunAsync<T>(Func<Tables, T> work, Action<T>? committed = null)
    {
        Operation<T> operation = new(work, committed);
        try
        {
            queue.Add(operation);
        }
        catch (InvalidOperationException)
        {
            throw new ObjectDisposedException(nameof(EmbeddedEngine), "the engine has been closed");
        }

        return operation.Task;
    }

    // The queue itself is never disposed: whoever comes late is then told so by the queue, not by chance.
    public async ValueTask DisposeAsync()
    {
        queue.CompleteAdding();
        await ended.Task.ConfigureAwait(false);
    }

    private void Run()
    {
        List<Operation> batch = [];
        while (queue.TryTake(out Operation? first, Timeout.Infinite))
        {
            batch.Add(first);
            while (batch.Count < MostPerBatch && queue.TryTake(out Operation? next))
            {
                batch.Add(next);
            }

            if (Commit(batch) is not null)
            {
                foreach (Operation operation in batch)
                {
                    if (Commit([operation]) is { } failure)
                    {
                        operation.Fail(failure);
                    }
                }
            }

            batch.Clear();
        }

        begin.Dispose();
        commit.Dispose();
        rollback.Dispose();
        tables.Dispose();
        ended.SetResult();
    }

    private Exception? Commit(IReadOnlyList<Operation> batch)
    {
        try
        {
            begin.Run();
            foreach (Operation operation in batch)
            {
                operation.Execute(tables);
            }

            commit.Run();
        }
        catch (Exception failure)
        {
            Rollback();
            return failure;
        }

        foreach (Operation operation in batch)
        {
            operation.Complete();
        }

        return null;
    }

    private void Rollback()
    {
        try
        {
            // SQLite has rolled back by itself after some errors (a full disk).
            if (tables.InTransaction)
            {
                rollback.Run();
            }
        }
        catch (SqliteException)
        {
            // What made the batch fail is the failure to tell; if this one lasts, the next batch tells it.
        }
    }

    private abstract class Operation
    {
        public abstract void Execute(Tables tables);

        public abstract void Complete();

        public abstract void Fail(Exception failure);
    }

    private sealed class Operation<T>(Func<Tables, T> work, Action<T>? committed) : Operation
    {
        private readonly TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T result = default!;

        public Task<T> Task => done.Task;

        public override void Execute(Tables tables) => result = work(tables);

        public override void Complete()
        {
            committed?.Invoke(result);
            done.SetResult(result);
        }

        public override void Fail(Exception failure) => done.SetException(failure);
    }
}
