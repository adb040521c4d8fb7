using Rollouts.AzureStorage.Registry;
using Rollouts.AzureStorage.Tests.Azurite;
using Rollouts.Embedded.Tests;
using Rollouts.Engine;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Steps;
using Rollouts.Traffic;

namespace RolloutFunctions.Tests.Engine;

public sealed class StartTests(AzuriteServer azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StartAsync_SameReleaseAtOnceAndAgain_IsOneRollout()
    {
        await using DurableBench bench = await DurableBench.StartAsync(azurite);

        StartResult[] all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => bench.Engine.StartAsync(Releases.Article, "jo", Cancellation)));
        StartResult later = await bench.Engine.StartAsync(Releases.Article, "sam", Cancellation);

        Assert.Single(all, r => r.Outcome == StartOutcome.Started);
        Assert.All(all.Append(later), r => Assert.Equal(Releases.Article.Id(), r.Status!.Id));
        Assert.Equal(StartOutcome.AlreadyStarted, later.Outcome);
        Assert.Single(await bench.Engine.ListAsync(10, Cancellation));
    }

    [Fact]
    public async Task StartAsync_FinishedRelease_IsNotBegunAgain()
    {
        await using DurableBench bench = await DurableBench.StartAsync(azurite);
        Release release = Releases.Of("done", new SetWeightStep(100));
        string id = await bench.StartAsync(release);
        await bench.WaitAsync(id, s => s.Outcome is not null);

        StartResult again = await bench.Engine.StartAsync(release, "jo", Cancellation);

        Assert.Equal(StartOutcome.AlreadyStarted, again.Outcome);
        Assert.NotNull(again.Status!.Outcome);
    }

    [Fact]
    public async Task StartAsync_PromotedBeforeAnother_IsRefusedWithTheCure()
    {
        await using DurableBench bench = await DurableBench.StartAsync(azurite);
        Release release = Releases.Of("cart", new SetWeightStep(100));
        string first = await bench.StartAsync(release);
        await DurableBench.UntilAsync(async () => !(await bench.Parts.Registry.FindAsync(first, Cancellation))!.IsOpen);
        string next = await bench.StartAsync(Releases.Asking("cart").Version(2));

        StartResult again = await bench.Engine.StartAsync(release, "jo", Cancellation);

        Assert.Equal(StartOutcome.Refused, again.Outcome);
        Assert.Contains($"{next} came after it", again.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_TargetOwned_NamesTheOwner_AndStartsOnceItIsFree()
    {
        await using DurableBench bench = await DurableBench.StartAsync(azurite);
        string id = await bench.StartAsync(Releases.Asking("cart"));

        StartResult refused = await bench.Engine.StartAsync(Releases.Asking("cart").Version(2), "jo", Cancellation);
        await bench.WaitAsync(id, s => s.Question is not null);
        await bench.DecideAsync(id, Rollouts.Journal.Command.Abort);
        await DurableBench.UntilAsync(async () => !(await bench.Parts.Registry.FindAsync(id, Cancellation))!.IsOpen);
        StartResult started = await bench.Engine.StartAsync(Releases.Asking("cart").Version(2), "jo", Cancellation);

        Assert.Equal((StartOutcome.TargetOwned, id), (refused.Outcome, refused.Owner));
        Assert.Equal(StartOutcome.Started, started.Outcome);
    }

    /// <summary>A registration whose start broke off has no instance yet, and no story: the next start makes it good.</summary>
    [Fact]
    public async Task StartAsync_RegisteredWithoutAnInstance_Starts()
    {
        await using DurableBench bench = await DurableBench.StartAsync(azurite);
        await bench.Parts.Registry.RegisterAsync(
            new RegisteredRollout(Releases.Article.Id(), TimeProvider.System.GetUtcNow(), "jo", bench.Parts.Clusters.Canonical(Releases.Article.Target), true), Cancellation);

        Assert.Equal(StartOutcome.Started, (await bench.Engine.StartAsync(Releases.Article, "jo", Cancellation)).Outcome);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task StartAsync_TargetOwnedByAnotherEngine_NamesTheOwnerAndRegistersNothing(bool supersede)
    {
        await using DurableBench bench = await DurableBench.StartAsync(azurite);
        TrafficTarget target = bench.Parts.Clusters.Canonical(Releases.Article.Target);
        await bench.Cluster.ClaimAsync(target, "shop.checkout.elsewhere", RolloutMachine.LeaseTerm, Cancellation);

        StartResult refused = await bench.Engine.StartAsync(Releases.Article, "jo", supersede, Cancellation);

        Assert.Equal((StartOutcome.TargetOwned, "shop.checkout.elsewhere"), (refused.Outcome, refused.Owner));
        Assert.Contains("of another engine", refused.Reason, StringComparison.Ordinal);
        Assert.Null(await bench.Parts.Registry.FindAsync(Releases.Article.Id(), Cancellation));

        bench.Cluster.Silent["shop.checkout.elsewhere"] = TimeProvider.System.GetUtcNow() - RolloutMachine.LeaseTerm;
        Assert.Equal(StartOutcome.Started, (await bench.Engine.StartAsync(Releases.Article, "jo", supersede, Cancellation)).Outcome);
    }

    /// <summary>What came after it on another cluster did not overtake it.</summary>
    [Fact]
    public async Task StartAsync_PromotedBeforeAnotherOfTheNameElsewhere_IsTheSameRollout()
    {
        await using DurableBench bench = await DurableBench.StartAsync(azurite);
        Release release = Releases.Of("cart", new SetWeightStep(100));
        string first = await bench.StartAsync(release);
        await DurableBench.UntilAsync(async () => !(await bench.Parts.Registry.FindAsync(first, Cancellation))!.IsOpen);
        RegisteredRollout elsewhere = new(release.Version(2).Id(), TimeProvider.System.GetUtcNow(), "jo", release.Target with { Cluster = "west" }, true);
        await bench.Parts.Registry.RegisterAsync(elsewhere, Cancellation);

        Assert.Equal(StartOutcome.AlreadyStarted, (await bench.Engine.StartAsync(release, "jo", Cancellation)).Outcome);
    }

    [Fact]
    public async Task StartAsync_NamespaceNotAllowed_IsRefused()
    {
        await using DurableBench bench = await DurableBench.StartAsync(azurite);

        StartResult refused = await bench.Engine.StartAsync(
            Releases.Article.On(t => t with { Namespace = "kube-system" }), "jo", Cancellation);

        Assert.Equal(StartOutcome.Refused, refused.Outcome);
        Assert.Contains("kube-system", refused.Reason, StringComparison.Ordinal);
        Assert.Empty(await bench.Engine.ListAsync(10, Cancellation));
    }

    [Fact]
    public async Task StartAsync_TooLarge_IsRefused()
    {
        await using DurableBench bench = await DurableBench.StartAsync(azurite);
        Random random = new(1);
        string noise = string.Concat(Enumerable.Range(0, 30_000).Select(_ => (char)random.Next(33, 126)));
        Release large = Releases.Article with { Policy = Releases.Article.Policy };
        large = large with
        {
            Templates = large.Templates.ToDictionary(t => t.Key, t => t.Value with
            {
                Metrics = [.. t.Value.Metrics.Select(m => m with { Prometheus = m.Prometheus! with { Query = noise } })],
            }),
        };

        StartResult refused = await bench.Engine.StartAsync(large, "jo", Cancellation);

        Assert.Equal(StartOutcome.Refused, refused.Outcome);
        Assert.Contains("too large", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindAsync_IdsThatAreNone_AreNotFound()
    {
        await using DurableBench bench = await DurableBench.StartAsync(azurite);

        foreach (string id in new[] { "", "nobody", "@entity", "a/b", "a#b", new string('x', 101) })
        {
            Assert.Null(await bench.Engine.FindAsync(id, Cancellation));
            Assert.Null(await bench.Engine.ReadJournalAsync(id, 0, 10, Cancellation));
        }
    }
}
