using Rollouts.Engine;
using Rollouts.Journal;
using Rollouts.Machine;

namespace Rollouts.Embedded.Tests;

public sealed class RestartTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_ReopenedInAPause_GoesOnWhereItWas()
    {
        await using Bench bench = await Bench.RunAsync();
        DateTimeOffset begin = bench.Clock.GetUtcNow();
        string id = await bench.StartAsync(Releases.Article);
        await bench.PlayAsync(id, s => s is { Weight: 25, WaitingFor: WaitingFor.Pause });
        await bench.CloseAsync();
        bench.Clock.Advance(TimeSpan.FromMinutes(1));

        await bench.OpenAsync();
        bench.Run();
        RolloutStatus status = await bench.PlayAsync(id, s => s.Outcome is not null);

        Assert.Equal(RolloutOutcome.Promoted, status.Outcome);
        Assert.Equal(TimeSpan.FromMinutes(15), status.FinishedAt - begin);
        Assert.Equal([5, 25, 100], bench.Cluster.Weights.Where(w => w > 0));
    }

    [Fact]
    public async Task RunAsync_StoppedWhileAWriteHangs_RepeatsIt()
    {
        await using Bench bench = await Bench.RunAsync(realTime: true, o => o with { StopWithin = TimeSpan.FromMilliseconds(50) });
        TaskCompletionSource reached = new();
        bench.Cluster.BeforeWriting = (_, token) =>
        {
            reached.TrySetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, token);
        };
        string id = await bench.StartAsync(Releases.Asking("a"));
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        await bench.CloseAsync();
        Assert.Empty(bench.Cluster.Written);

        bench.Cluster.BeforeWriting = (_, _) => Task.CompletedTask;
        await bench.OpenAsync(realTime: true);
        bench.Run();

        RolloutStatus status = await bench.WaitAsync(id, s => s.Question is not null);
        Assert.Equal(5, status.Weight);
        Assert.Equal([5], bench.Cluster.Weights);
    }

    [Fact]
    public async Task RunAsync_StoppedWhileAWriteIsUnderWay_LetsItEndAndKeepsWhatItBrought()
    {
        await using Bench bench = await Bench.RunAsync(realTime: true);
        TaskCompletionSource reached = new();
        TaskCompletionSource gate = new();
        bench.Cluster.BeforeWriting = (_, _) =>
        {
            reached.TrySetResult();
            return gate.Task;
        };
        string id = await bench.StartAsync(Releases.Asking("a"));
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        Task closing = bench.CloseAsync();
        await Task.Delay(50, Cancellation);
        Assert.False(closing.IsCompleted);
        gate.SetResult();
        await closing;

        await bench.OpenAsync(realTime: true);
        Assert.Equal(5, (await bench.Engine.FindAsync(id, Cancellation))!.Weight);
        bench.Run();
        await bench.WaitAsync(id, s => s.Question is not null);
        Assert.Equal([5], bench.Cluster.Weights);
    }

    [Fact]
    public async Task RunAsync_StoppedWhileAMeasurementHangs_StopsAtOnceAndMeasuresAgain()
    {
        await using Bench bench = await Bench.RunAsync(realTime: true);
        bench.Metrics.Hangs = true;
        string id = await bench.StartAsync(Releases.Measuring("a"));
        await Bench.UntilAsync(() => bench.Metrics.Asked == 1);
        await bench.CloseAsync().WaitAsync(TimeSpan.FromSeconds(5), Cancellation);

        bench.Metrics.Hangs = false;
        await bench.OpenAsync(realTime: true);
        bench.Run();

        Assert.Equal(RolloutOutcome.Promoted, (await bench.WaitAsync(id, s => s.Outcome is not null)).Outcome);
        Assert.Equal(2, bench.Metrics.Asked);
    }

    [Fact]
    public async Task DecideAsync_BeforeTheEngineRunsAgain_IsActedUponWhenItDoes()
    {
        await using Bench bench = await Bench.RunAsync();
        string asking = await bench.StartAsync(Releases.Asking("a"));
        await bench.WaitAsync(asking, s => s.Question is not null);
        await bench.CloseAsync();

        await bench.OpenAsync();
        Assert.Equal(DecisionOutcome.Accepted, (await bench.DecideAsync(asking, Command.Promote)).Outcome);
        await bench.CloseAsync();
        await bench.OpenAsync();
        bench.Run();

        Assert.Equal(RolloutOutcome.Promoted, (await bench.WaitAsync(asking, s => s.Outcome is not null)).Outcome);
        Assert.Single(await bench.JournalAsync(asking), r => r.Decision is not null);
    }
}
