using RolloutFunctions.Clusters;
using Rollouts;
using Rollouts.Embedded.Tests;
using Rollouts.Traffic;

namespace RolloutFunctions.Tests.Clusters;

public sealed class ClusterDirectoryTests
{
    private readonly FakeCluster europe = new();
    private readonly FakeCluster asia = new();
    private readonly ClusterDirectory directory;

    public ClusterDirectoryTests() => directory = new ClusterDirectory(
    [
        new("europe", "shop", new(europe, europe)),
        new("asia", "shop", new(asia, asia)),
        new("asia", "bank", new(asia, asia)),
    ]);

    [Theory]
    [InlineData("shop", "asia", null)]
    [InlineData("shop", null, "spec.cluster")]
    [InlineData("shop", "mars", "Clusters:mars:Namespaces")]
    [InlineData("bank", null, null)]
    [InlineData("bank", "asia", null)]
    [InlineData("bank", "europe", "Clusters:europe:Namespaces")]
    [InlineData("other", null, "Clusters:<name>:Namespaces")]
    public async Task Refusal_Target_NamesTheCureOrLetsItThrough(string ns, string? cluster, string? cure)
    {
        TrafficTarget target = Target(ns, cluster);

        string? refusal = directory.Refusal(target);

        if (cure is null)
        {
            Assert.Null(refusal);
            await directory.ClaimAsync(target, "me", TimeSpan.FromMinutes(30), TestContext.Current.CancellationToken);
        }
        else
        {
            Assert.Contains(cure, refusal, StringComparison.Ordinal);
            PortException refused = await Assert.ThrowsAsync<PortException>(() => directory.ClaimAsync(target, "me", TimeSpan.FromMinutes(30), TestContext.Current.CancellationToken));
            Assert.Equal((FailureKind.Invalid, refusal), (refused.Kind, refused.Message));
        }
    }

    [Fact]
    public async Task ApplyAsync_NamedCluster_IsTheOneWrittenTo()
    {
        TrafficTarget target = Target("shop", "europe");
        await directory.ClaimAsync(target, "me", TimeSpan.FromMinutes(30), TestContext.Current.CancellationToken);

        await directory.ApplyAsync(target, new TrafficSplit(5, []), "me", 1, TestContext.Current.CancellationToken);

        Assert.Equal([5], europe.Weights);
        Assert.Empty(asia.Weights);
    }

    /// <summary>Else a release that names the only cluster and one that does not would not see that they share a target.</summary>
    [Fact]
    public void Canonical_OneClusterServesTheNamespace_IsTheSameWhetherNamedOrNot()
    {
        Assert.Equal(directory.Canonical(Target("bank", null)), directory.Canonical(Target("bank", "asia")));
        Assert.Equal("asia", directory.Canonical(Target("shop", "asia")).Cluster);
    }

    private static TrafficTarget Target(string ns, string? cluster) =>
        Releases.Article.Target with { Namespace = ns, Cluster = cluster };
}
