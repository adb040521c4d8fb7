using Rollouts.Engine;
using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Traffic;

namespace Rollouts.Embedded.Tests;

public sealed class EmbeddedEngineTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_HealthyCanary_IsPromotedStepByStep()
    {
        await using Bench bench = await Bench.RunAsync();
        DateTimeOffset begin = bench.Clock.GetUtcNow();
        string id = await bench.StartAsync(Releases.Article);

        RolloutStatus status = await bench.PlayAsync(id, s => s.Outcome is not null);

        Assert.Equal(RolloutOutcome.Promoted, status.Outcome);
        Assert.Equal([5, 25, 100], bench.Cluster.Weights.Where(w => w > 0).Distinct());
        Assert.Equal(TimeSpan.FromMinutes(15), status.FinishedAt - begin);
        Assert.Equal(1, bench.Metrics.Asked);
    }

    [Fact]
    public async Task RunAsync_FailingCanary_IsRolledBack()
    {
        await using Bench bench = await Bench.RunAsync();
        bench.Metrics.Answer = "[0.5]";
        string id = await bench.StartAsync(Releases.Article);

        RolloutStatus status = await bench.PlayAsync(id, s => s.Outcome is not null);

        Assert.Equal(RolloutOutcome.RolledBack, status.Outcome);
        Assert.Equal(0, bench.Cluster.Weights.Last());
        Assert.DoesNotContain(25, bench.Cluster.Weights);
    }

    [Fact]
    public async Task RunAsync_ToTheEnd_JournalTellsItWithoutGaps()
    {
        await using Bench bench = await Bench.RunAsync();
        string id = await bench.StartAsync(Releases.Article);
        await bench.PlayAsync(id, s => s.Outcome is not null);
        await bench.WaitAsync(id, s => s.FinishedAt is not null);

        JournalEntry[] entries = [.. (await bench.JournalAsync(id)).Select(r => r.Entry!)];

        Assert.Equal(Enumerable.Range(1, entries.Length), entries.Select(e => e.Number));
        Assert.Equal(EventType.RolloutStarted, entries[0].Type);
        Assert.Equal("pipeline", entries[0].By);
        Assert.Contains(entries, e => e.Type == EventType.RolloutCompleted);
        Assert.Contains(entries, e => e.Type == EventType.Measured && e.Value == "[0]");
    }

    [Fact]
    public async Task RunAsync_PortThatThrowsAnything_TriesAgain()
    {
        await using Bench bench = await Bench.RunAsync();
        int failures = 3;
        bench.Cluster.BeforeWriting = (_, _) => failures-- > 0 ? throw new InvalidCastException("secret text") : Task.CompletedTask;
        string id = await bench.StartAsync(Releases.Article);

        RolloutStatus status = await bench.PlayAsync(id, s => s.Outcome is not null);

        Assert.Equal(RolloutOutcome.Promoted, status.Outcome);
        JournalEntry failing = (await bench.JournalAsync(id)).Select(r => r.Entry!).First(e => e.Type == EventType.EffectFailing);
        Assert.Contains(nameof(InvalidCastException), failing.Message);
        Assert.DoesNotContain("secret", failing.Message);
    }

    [Fact]
    public async Task RunAsync_Twice_IsRefused()
    {
        await using Bench bench = await Bench.RunAsync();
        string id = await bench.StartAsync(Releases.Asking("a"));
        await bench.WaitAsync(id, s => s.Question is not null);

        await Assert.ThrowsAsync<InvalidOperationException>(() => bench.Engine.RunAsync(Cancellation));
    }

    [Fact]
    public async Task DisposeAsync_WhileRunning_StopsFirst()
    {
        await using Bench bench = new();
        await bench.OpenAsync();
        Task running = bench.Engine.RunAsync(Cancellation);
        await bench.Engine.DisposeAsync();

        Assert.True(running.IsCompletedSuccessfully);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => bench.Engine.StartAsync(Releases.Article, "pipeline", Cancellation));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => bench.Engine.FindAsync("a", Cancellation));
    }

    [Fact]
    public async Task WatchAsync_ToTheEnd_EndsWithTheLastStatus()
    {
        await using Bench bench = await Bench.RunAsync();
        string id = await bench.StartAsync(Releases.Article);
        Task<List<RolloutStatus>> watching = Task.Run(async () =>
        {
            List<RolloutStatus> seen = [];
            await foreach (RolloutStatus status in bench.Engine.WatchAsync(id, Cancellation))
            {
                seen.Add(status);
                if (status.Outcome is not null)
                {
                    break;
                }
            }

            return seen;
        });
        await bench.PlayAsync(id, s => s.Outcome is not null);

        List<RolloutStatus> seen = await watching.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);

        Assert.Equal(RolloutOutcome.Promoted, seen[^1].Outcome);
        Assert.Equal(seen.Select(s => s.Step).Order(), seen.Select(s => s.Step));
        Assert.Contains(seen, s => s.Phase == RolloutPhase.Paused && s.NextChangeAt is not null);
    }

    [Fact]
    public async Task WaitAsync_UnknownRollout_IsNull()
    {
        await using Bench bench = await Bench.RunAsync();

        Assert.Null(await bench.Engine.WaitAsync("nobody", _ => true, Cancellation));
        Assert.Null(await bench.Engine.FindAsync("nobody", Cancellation));
        Assert.Null(await bench.Engine.ReadJournalAsync("nobody", 0, 10, Cancellation));
    }

    [Fact]
    public async Task ListAsync_Several_NewestFirst()
    {
        await using Bench bench = new();
        await bench.OpenAsync();
        foreach (string name in (string[])["a", "b", "c"])
        {
            await bench.StartAsync(Releases.Asking(name));
        }

        IReadOnlyList<RolloutStatus> list = await bench.Engine.ListAsync(2, Cancellation);

        Assert.Equal(["c", "b"], list.Select(s => s.Name));
    }

    [Fact]
    public async Task RunAsync_ThousandRolloutsDueAtOnce_MovesEachOnce()
    {
        await using Bench bench = await Bench.RunAsync();
        Release[] releases = [.. Enumerable.Range(0, 1000).Select(i => Releases.Measuring($"app{i}"))];
        await Task.WhenAll(releases.Select(bench.StartAsync));

        foreach (Release release in releases)
        {
            Assert.Equal(RolloutOutcome.Promoted, (await bench.WaitAsync(release.Id(), s => s.Outcome is not null)).Outcome);
        }

        Assert.Equal(1000, bench.Metrics.Asked);
        Assert.All(bench.Cluster.Written.GroupBy(w => w.Owner), owner => Assert.Equal([5, 100], owner.Select(w => w.Split.CanaryWeight).Take(2)));
    }
}
