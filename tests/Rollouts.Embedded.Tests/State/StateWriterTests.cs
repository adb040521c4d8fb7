using Microsoft.Data.Sqlite;
using Rollouts.Embedded.State;
using Rollouts.Journal;

namespace Rollouts.Embedded.Tests.State;

public sealed class StateWriterTests : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("rollouts-embedded-");
    private StateFile file = null!;

    public ValueTask InitializeAsync()
    {
        file = StateFile.Open(Path.Combine(folder.FullName, "rollouts.db"));
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await file.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task RunAsync_OneOfABatchFails_OnlyThatOneDoes()
    {
        using ManualResetEventSlim gate = new();
        Task<bool> blocker = file.Writer.RunAsync(_ => gate.Wait(TimeSpan.FromSeconds(10)));
        Task<long>[] work = [.. Enumerable.Range(0, 10).Select(i => file.Writer.RunAsync(
            tables => i == 4 ? Half(tables) : tables.Journal.FindOrCreate($"r{i}")))];
        gate.Set();

        await blocker;
        await Assert.ThrowsAsync<FormatException>(() => work[4]);
        await Task.WhenAll(work.Where((_, i) => i != 4));
        Assert.All(Enumerable.Range(0, 10), i => Assert.Equal(i != 4, file.Read(tables => tables.Journal.Find($"r{i}")) is not null));
    }

    [Fact]
    public async Task RunAsync_Committed_RunsInOrderBeforeTheAnswer()
    {
        List<int> order = [];

        await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => file.Writer.RunAsync(_ => i, order.Add)));

        Assert.Equal(Enumerable.Range(0, 1000), order);
    }

    [Fact]
    public async Task RunAsync_NoRoomLeft_FailsUntilThereIs()
    {
        JournalEntry entry = new() { Number = 1, At = default, Type = EventType.Measured, Message = new string('x', 100_000) };
        await file.Writer.RunAsync(tables => tables.Statement("PRAGMA max_page_count = 20").Value());

        await Assert.ThrowsAsync<SqliteException>(() => file.Writer.RunAsync(Append));
        Assert.True(await file.Writer.RunAsync(tables => !tables.Journal.Find("a").HasValue));
        await file.Writer.RunAsync(tables => tables.Statement("PRAGMA max_page_count = 1000").Value());
        await file.Writer.RunAsync(Append);

        Assert.Equal(entry, Assert.Single(file.Read(tables => tables.Journal.Page(tables.Journal.Find("a")!.Value, 0, 10))).Entry);

        bool Append(Tables tables)
        {
            tables.Journal.Append(tables.Journal.FindOrCreate("a"), [entry]);
            return true;
        }
    }

    [Fact]
    public async Task RunAsync_Closed_IsRefused()
    {
        await file.DisposeAsync();

        Assert.Throws<ObjectDisposedException>(() => { _ = file.Writer.RunAsync(_ => 1); });
    }

    private static long Half(Tables tables)
    {
        tables.Journal.FindOrCreate("r4");
        throw new FormatException("after having written");
    }
}
