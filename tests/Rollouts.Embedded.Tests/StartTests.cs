using Rollouts.Engine;
using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Manifests;

namespace Rollouts.Embedded.Tests;

public sealed class StartTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StartAsync_SameReleaseAgain_GivesTheSameRollout()
    {
        await using Bench bench = await Bench.RunAsync();
        string id = await bench.StartAsync(Releases.Asking("a"));
        await bench.WaitAsync(id, s => s.Question is not null);

        StartResult again = await bench.Engine.StartAsync(Releases.Asking("a"), "somebody else", Cancellation);

        Assert.Equal(StartOutcome.AlreadyStarted, again.Outcome);
        Assert.Equal(id, again.Status!.Id);
        Assert.Equal(RolloutPhase.Paused, again.Status.Phase);
        Assert.Single(await bench.Engine.ListAsync(10, Cancellation));
    }

    [Fact]
    public async Task StartAsync_SameReleaseAfterItsEnd_GivesTheFinishedRollout()
    {
        await using Bench bench = await Bench.RunAsync();
        string id = await bench.StartAsync(Releases.Measuring("a"));
        await bench.PlayAsync(id, s => s.Outcome is not null);

        StartResult again = await bench.Engine.StartAsync(Releases.Measuring("a"), "pipeline", Cancellation);

        Assert.Equal(StartOutcome.AlreadyStarted, again.Outcome);
        Assert.Equal(RolloutOutcome.Promoted, again.Status!.Outcome);
    }

    [Fact]
    public async Task StartAsync_OtherReleaseOnTheTarget_NamesTheOwner()
    {
        await using Bench bench = await Bench.RunAsync();
        string id = await bench.StartAsync(Releases.Asking("a"));

        StartResult second = await bench.Engine.StartAsync(Releases.Asking("a").Version(2), "pipeline", Cancellation);

        Assert.Equal(StartOutcome.TargetOwned, second.Outcome);
        Assert.Equal(id, second.Owner);
        Assert.Equal(id, second.Status!.Id);
    }

    public static TheoryData<string, Release> Conflicting() => new()
    {
        { "shares one of several ingresses", Releases.Asking("b").On(t => t with { Nginx = t.Nginx! with { StableIngresses = ["b", "a"] } }) },
        { "shares the stable service", Releases.Asking("b").On(t => t with { StableService = "a-stable" }) },
        { "its stable service is the other's canary", Releases.Asking("b").On(t => t with { StableService = "a-canary" }) },
        { "has the same name", Releases.Asking("b").On(t => t with { RolloutName = "a" }) },
    };

    [Theory]
    [MemberData(nameof(Conflicting))]
    public async Task StartAsync_SharesAnObject_IsOwned(string how, Release release)
    {
        await using Bench bench = await Bench.RunAsync();
        string id = await bench.StartAsync(Releases.Asking("a"));

        StartResult second = await bench.Engine.StartAsync(release, "pipeline", Cancellation);

        Assert.True(second is { Outcome: StartOutcome.TargetOwned } && second.Owner == id, how);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task StartAsync_TargetOwnedByAnotherEngine_NamesTheOwner(bool supersede)
    {
        await using Bench bench = await Bench.RunAsync();
        Release release = Releases.Measuring("a");
        await bench.Cluster.ClaimAsync(release.Target, "shop.a.elsewhere", RolloutMachine.LeaseTerm, Cancellation);

        StartResult refused = await bench.Engine.StartAsync(release, "pipeline", supersede, Cancellation);

        Assert.Equal((StartOutcome.TargetOwned, "shop.a.elsewhere"), (refused.Outcome, refused.Owner));
        Assert.Contains("of another engine", refused.Reason, StringComparison.Ordinal);
        Assert.Null(await bench.Engine.FindAsync(release.Id(), Cancellation));
    }

    [Fact]
    public async Task StartAsync_SameNamesInAnotherNamespace_Starts()
    {
        await using Bench bench = await Bench.RunAsync();
        await bench.StartAsync(Releases.Asking("a"));

        StartResult second = await bench.Engine.StartAsync(
            Releases.Asking("a").On(t => t with { Namespace = "stage" }) with { Namespace = "stage" }, "pipeline", Cancellation);

        Assert.Equal(StartOutcome.Started, second.Outcome);
    }

    [Fact]
    public async Task StartAsync_ManyReleasesAtOnce_OneWins()
    {
        await using Bench bench = await Bench.RunAsync();

        StartResult[] results = await Task.WhenAll(Enumerable.Range(1, 20).Select(v => Task.Run(
            () => bench.Engine.StartAsync(Releases.Asking("a").Version(v), "pipeline", Cancellation))));

        StartResult winner = Assert.Single(results, r => r.Outcome == StartOutcome.Started);
        Assert.All(results.Where(r => r != winner), r => Assert.True(r.Outcome == StartOutcome.TargetOwned && r.Owner == winner.Status!.Id));
    }

    [Fact]
    public async Task StartAsync_OneReleaseManyTimesAtOnce_StartsOnce()
    {
        await using Bench bench = await Bench.RunAsync();

        StartResult[] results = await Task.WhenAll(Enumerable.Range(1, 20).Select(_ => Task.Run(
            () => bench.Engine.StartAsync(Releases.Measuring("a"), "pipeline", Cancellation))));

        Assert.Single(results, r => r.Outcome == StartOutcome.Started);
        Assert.Equal(19, results.Count(r => r.Outcome == StartOutcome.AlreadyStarted));
        await bench.PlayAsync(Releases.Measuring("a").Id(), s => s.Outcome is not null);
        Assert.Single(await bench.JournalAsync(Releases.Measuring("a").Id()), r => r.Entry?.Type == EventType.RolloutStarted);
    }

    [Fact]
    public async Task StartAsync_AfterTheOwnerFinished_Starts()
    {
        await using Bench bench = await Bench.RunAsync();
        string id = await bench.StartAsync(Releases.Measuring("a"));
        await bench.PlayAsync(id, s => s.Outcome is not null);
        await bench.UntilFreeAsync(Releases.Measuring("a").Target);

        Assert.Equal(
            StartOutcome.Started, (await bench.Engine.StartAsync(Releases.Measuring("a").Version(2), "pipeline", Cancellation)).Outcome);
    }

    [Fact]
    public async Task StartAsync_BeforeTheEngineRuns_IsStoredAndMovesLater()
    {
        await using Bench bench = new();
        await bench.OpenAsync();
        string id = await bench.StartAsync(Releases.Measuring("a"));
        Assert.Empty(bench.Cluster.Written);

        bench.Run();

        Assert.Equal(RolloutOutcome.Promoted, (await bench.PlayAsync(id, s => s.Outcome is not null)).Outcome);
    }
}
