using System.Text.Json.Nodes;
using Rollouts.Kubernetes.Tests.Traffic.Benches;
using Rollouts.Kubernetes.Traffic;
using Rollouts.Traffic;

namespace Rollouts.Kubernetes.Tests.Traffic;

/// <summary>Who may write.</summary>
public abstract partial class RouterContract
{
    [Fact]
    public async Task Claim_Free_TakesItAndLeavesTheTraffic()
    {
        Assert.Equal(TrafficSplit.None, await ClaimAsync(Two));

        foreach (string name in Names)
        {
            Assert.Equal(Owner, await OwnerAsync(name));
            Assert.Equal(0, await ShareAsync(name));
        }
    }

    [Fact]
    public async Task Claim_Again_ChangesNothing()
    {
        await ClaimAsync(One);
        await ApplyAsync(One, Routed(25), 4);
        string? before = await VersionAsync();

        Assert.Equal(Routed(25), await ClaimAsync(One));

        Assert.Equal(before, await VersionAsync());
    }

    [Fact]
    public async Task Claim_OwnedByAnother_NamesTheOwner()
    {
        await ClaimAsync(One, "first");

        PortException refusal = await RefusedAsync(FailureKind.Owned, () => ClaimAsync(Two, "second"));

        Assert.Equal("first", refusal.Owner);
        Assert.Equal("first", await OwnerAsync());
        Assert.DoesNotContain(_faults.Requests, r => r.IsWrite && r.Body.Contains("second", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Claim_TwentyAtOnce_OneWins()
    {
        string?[] answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => ClaimantAsync($"rollout-{i}")));

        string winner = Assert.Single(answers, a => a is not null)!;
        foreach (string name in Names)
        {
            Assert.Equal(winner, await OwnerAsync(name));
        }
    }

    [Fact]
    public async Task Claim_NoObject_IsNotFound()
    {
        PortException refusal = await RefusedAsync(FailureKind.NotFound, () => ClaimAsync(Target("nowhere")));

        Assert.Contains("`nowhere`", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Claim_ObjectDoesNotLeadToTheServices_IsInvalid()
    {
        TrafficTarget elsewhere = One with { StableService = "nobody" };
        elsewhere = elsewhere.Istio is { DestinationRule: not null } istio
            ? elsewhere with { Istio = istio with { DestinationRule = istio.DestinationRule with { StableSubset = "v9" } } }
            : elsewhere.Alb is not null ? elsewhere with { Alb = elsewhere.Alb with { RootService = "nobody" } } : elsewhere;

        await RefusedAsync(FailureKind.Invalid, () => ClaimAsync(elsewhere));

        if (bench is not IngressNginxBench)
        {
            Assert.Null(await OwnerAsync());
        }
    }

    [Fact]
    public async Task Claim_OtherCluster_IsRefused()
    {
        PortException refusal = await RefusedAsync(FailureKind.Invalid, () => ClaimAsync(One with { Cluster = "west" }));

        Assert.Contains("is in the cluster west", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(new ClaimedTarget(TrafficSplit.None), await new KubernetesRouter(_routed!, TimeProvider.System, new() { Cluster = "west" }).ClaimAsync(One with { Cluster = "west" }, Owner, TimeSpan.FromMinutes(30), Cancellation));
    }

    [Fact]
    public async Task Release_Owner_KeepsTheTraffic()
    {
        await ClaimAsync(Two);
        await ApplyAsync(Two, Split(40), 3);

        await Router.ReleaseAsync(Two, Owner, Cancellation);
        await Router.ReleaseAsync(Two, "somebody else", Cancellation);

        foreach (string name in Names)
        {
            Assert.Null(await OwnerAsync(name));
            Assert.Equal(40, await ShareAsync(name));
        }
    }

    [Fact]
    public async Task Renew_Owner_SaysWhatIsThere()
    {
        await ClaimAsync(Two);
        await ApplyAsync(Two, Routed(25), 1);

        Assert.Equal(Routed(25), await Router.RenewAsync(Two, Routed(25), Owner, Cancellation));

        await PatchAsync(bench.ByHand(await ReadAsync(), 60));
        Assert.Equal(60, (await Router.RenewAsync(Two, Routed(25), Owner, Cancellation)).CanaryWeight);
    }

    [Fact]
    public async Task Renew_NotTheOwner_IsRefused()
    {
        await ClaimAsync(One, "first");

        PortException refusal = await RefusedAsync(FailureKind.Owned, () => Router.RenewAsync(One, TrafficSplit.None, "second", Cancellation));
        await Router.ReleaseAsync(One, "first", Cancellation);
        await RefusedAsync(FailureKind.Owned, () => Router.RenewAsync(One, TrafficSplit.None, "first", Cancellation));

        Assert.Equal("first", refusal.Owner);
    }

    [Fact]
    public async Task Claim_OwnerWasHeardOf_IsRefused()
    {
        await ClaimAsync(Two, "first");
        await Router.RenewAsync(Two, TrafficSplit.None, "first", Cancellation);

        PortException refusal = await RefusedAsync(FailureKind.Owned, () => ClaimAsync(Two, "second"));

        Assert.Equal("first", refusal.Owner);
        Assert.Equal("first", await OwnerAsync());
    }

    [Fact]
    public async Task Claim_OwnerIsSilent_TakesItAndLocksTheOwnerOut()
    {
        await ClaimAsync(Two, "first");
        await ApplyAsync(Two, Split(25), 7, "first");
        foreach (string name in Names)
        {
            await AnnotateAsync("rolloutfunctions/renewed", DateTime.UtcNow.AddHours(-2).ToString("u", System.Globalization.CultureInfo.InvariantCulture), name);
        }

        // The second time as when the answer to the first was lost.
        ClaimedTarget taken = await Router.ClaimAsync(Two, "next", TimeSpan.FromMinutes(30), Cancellation);
        Assert.Equal(taken, await Router.ClaimAsync(Two, "next", TimeSpan.FromMinutes(30), Cancellation));
        Assert.Equal(new ClaimedTarget(Split(25), "first"), taken);

        await RefusedAsync(FailureKind.Owned, () => ApplyAsync(Two, Split(50), 8, "first"));
        Assert.Equal(TrafficSplit.None, await ApplyAsync(Two, TrafficSplit.None, 1, "next"));
        await Router.ReleaseAsync(Two, "next", Cancellation);
        Assert.Equal(0, await ShareAsync());
        Assert.Null((await Router.ClaimAsync(Two, "next", TimeSpan.FromMinutes(30), Cancellation)).TakenFrom);
    }

    [Fact]
    public async Task FindHolder_NobodyOrNothing_IsNull()
    {
        Assert.Null(await Router.FindHolderAsync(Two, Cancellation));
        Assert.Null(await Router.FindHolderAsync(Target("nowhere"), Cancellation));

        await ClaimAsync(Two);
        await Router.ReleaseAsync(Two, Owner, Cancellation);

        Assert.Null(await Router.FindHolderAsync(Two, Cancellation));
    }

    [Fact]
    public async Task FindHolder_Owned_SaysWhoSinceWhenAndWhatItHolds()
    {
        DateTimeOffset before = TimeProvider.System.GetUtcNow().AddSeconds(-1);
        await ClaimAsync(Two);
        await ApplyAsync(Two, Routed(25), 1);
        string? version = await VersionAsync();

        TargetHolder holder = (await Router.FindHolderAsync(Two, Cancellation))!;

        Assert.Equal((Owner, Routed(25)), (holder.Owner, holder.Split));
        Assert.InRange(holder.RenewedAt!.Value, before, TimeProvider.System.GetUtcNow());
        Assert.Equal(version, await VersionAsync());
    }

    /// <summary>It has the target as long as one of its objects says so.</summary>
    [Fact]
    public async Task FindHolder_SeveralTimes_IsTheOneHeardOfLast()
    {
        await ClaimAsync(Two);
        foreach (string name in Names.SkipLast(1))
        {
            await AnnotateAsync("rolloutfunctions/renewed", "2020-01-01T00:00:00Z", name);
        }

        Assert.True((await Router.FindHolderAsync(Two, Cancellation))!.RenewedAt > TimeProvider.System.GetUtcNow().AddMinutes(-1));

        foreach (string name in Names)
        {
            await AnnotateAsync("rolloutfunctions/renewed", "2020-01-01T00:00:00Z", name);
        }

        Assert.Equal(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), (await Router.FindHolderAsync(Two, Cancellation))!.RenewedAt);
    }

    [Fact]
    public async Task Claim_SilentOwnerAndManyAtOnce_OneTakesIt()
    {
        await ClaimAsync(Two, "first");
        foreach (string name in Names)
        {
            await AnnotateAsync("rolloutfunctions/renewed", "2020-01-01T00:00:00Z", name);
        }

        string?[] answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => ClaimantAsync($"next-{i}")));

        string winner = Assert.Single(answers, a => a is not null)!;
        foreach (string name in Names)
        {
            Assert.Equal(winner, await OwnerAsync(name));
        }
    }

    private Task<string?> ClaimantAsync(string owner) => AttemptAsync(owner, () => ClaimAsync(Two, owner));

    /// <returns>Who tried, if it won; null if it was told of another owner.</returns>
    private static async Task<string?> AttemptAsync(string owner, Func<Task> attempt)
    {
        try
        {
            await attempt();
            return owner;
        }
        catch (PortException refusal) when (refusal.Kind == FailureKind.Owned)
        {
            Assert.NotNull(refusal.Owner);
            Assert.NotEqual(owner, refusal.Owner);
            return null;
        }
    }
}
