using Rollouts.Embedded.State;

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
