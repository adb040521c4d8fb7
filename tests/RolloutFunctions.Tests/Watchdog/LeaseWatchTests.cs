using Microsoft.Extensions.Time.Testing;
using Rollouts;
using Rollouts.AzureStorage.Registry;
using Rollouts.AzureStorage.Tests.Azurite;
using Rollouts.Embedded.Tests;
using Rollouts.Engine;
using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Steps;
using Rollouts.Traffic;

namespace RolloutFunctions.Tests.Watchdog;

/// <summary>Targets whose owner is a rollout of somewhere else, and is gone.</summary>
public sealed class LeaseWatchTests(AzuriteServer azurite)
{
    private const string Foreign = "shop.cart.foreign";

    private static readonly Release Cart = Releases.Of("cart", new SetWeightStep(100));

    private readonly BenchParts parts = new(azurite);
    private readonly FakeTimeProvider now = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task LookAsync_OwnerIsSilent_TakesTheTrafficAwayAndGivesTheTargetFree()
    {
        string known = await KnownAsync(Cart);
        await HeldAsync(Cart, Foreign, 25, heard: now.GetUtcNow() - RolloutMachine.LeaseTerm);

        await LookAsync();
        await LookAsync();

        Assert.Equal((WatchdogName, 0), (parts.Cluster.Written[^1].Owner, parts.Cluster.Written[^1].Split.CanaryWeight));
        Assert.Null(await parts.Cluster.FindHolderAsync(Cart.Target, Cancellation));
        JournalEntry entry = Assert.Single(await EntriesAsync(known));
        Assert.Equal((EventType.TargetTakenOver, WatchdogName, now.GetUtcNow()), (entry.Type, entry.By, entry.At));
        Assert.Contains($"Rollout {Foreign} has not been heard of since 2026-03-01 11:30:00 UTC", entry.Message, StringComparison.Ordinal);
        Assert.Contains("which held weight 25", entry.Message, StringComparison.Ordinal);
        Assert.Null((await parts.Cluster.ClaimAsync(Cart.Target, "next", RolloutMachine.LeaseTerm, Cancellation)).TakenFrom);
    }

    [Fact]
    public async Task LookAsync_OwnerWasHeardOf_LeavesItAlone()
    {
        string known = await KnownAsync(Cart);
        await HeldAsync(Cart, Foreign, 25, heard: now.GetUtcNow() - RolloutMachine.LeaseTerm + TimeSpan.FromSeconds(1));

        await LookAsync();

        await AssertUntouchedAsync(known, 25);
    }

    [Fact]
    public async Task LookAsync_NobodyOwnsIt_LeavesWhatPeopleHaveSet()
    {
        string known = await KnownAsync(Cart);
        await HeldAsync(Cart, Foreign, 25, heard: default);
        await parts.Cluster.ReleaseAsync(Cart.Target, Foreign, Cancellation);

        await LookAsync();

        await AssertUntouchedAsync(known, 25);
    }

    /// <summary>That is for the watch over rollouts, which knows more of them.</summary>
    [Fact]
    public async Task LookAsync_OwnerIsOpenHere_LeavesItAlone()
    {
        string known = await KnownAsync(Cart, isOpen: true);
        await HeldAsync(Cart, known, 25, heard: default);

        await LookAsync();

        await AssertUntouchedAsync(known, 25);
    }

    [Fact]
    public async Task LookAsync_OwnerIsARolloutOfHereThatIsOver_IsOnRecordInItsOwnJournal()
    {
        string former = await KnownAsync(Cart);
        string last = await KnownAsync(Cart.Version(2));
        await HeldAsync(Cart, former, 40, heard: default);

        await LookAsync();

        Assert.Equal(0, parts.Cluster.Weights.Last());
        Assert.Single(await EntriesAsync(former));
        Assert.Empty(await EntriesAsync(last));
    }

    /// <summary>The machine's own numbers go on where they were, should the rollout be taken up again.</summary>
    [Fact]
    public async Task LookAsync_RolloutGoesOnLater_ItsEntriesAreTakenAsWell()
    {
        string known = await KnownAsync(Cart);
        await HeldAsync(Cart, Foreign, 25, heard: default);
        await LookAsync();

        JournalEntry own = new() { Number = 1, At = now.GetUtcNow(), Type = EventType.RolloutStarted, Message = "started" };
        await parts.Journal.AppendAsync(known, [own], Cancellation);

        Assert.Equal([EventType.TargetTakenOver, EventType.RolloutStarted], (await EntriesAsync(known)).Select(e => e.Type));
    }

    [Fact]
    public async Task LookAsync_CanaryHasAllTraffic_KeepsItAndSaysSoOnce()
    {
        string known = await KnownAsync(Cart);
        await HeldAsync(Cart, Foreign, 100, heard: now.GetUtcNow() - TimeSpan.FromDays(2));

        await LookAsync();
        await LookAsync();

        Assert.Equal([100], parts.Cluster.Weights);
        Assert.Equal(Foreign, (await parts.Cluster.FindHolderAsync(Cart.Target, Cancellation))!.Owner);
        Assert.Contains("has all traffic and keeps it", Assert.Single(await EntriesAsync(known)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LookAsync_OneClusterDoesNotAnswer_LooksAfterTheOthersAndThatOneTheNextTime()
    {
        Release other = Releases.Of("other", new SetWeightStep(100));
        await KnownAsync(Cart);
        await KnownAsync(other);
        await HeldAsync(Cart, Foreign, 25, heard: default);
        await HeldAsync(other, "shop.other.foreign", 30, heard: default);
        parts.Cluster.BeforeClaiming = target => _ = target.RolloutName == "cart" ? throw new PortException(FailureKind.Transient, "no answer") : 0;

        await LookAsync();
        Assert.NotNull(await parts.Cluster.FindHolderAsync(Cart.Target, Cancellation));
        Assert.Null(await parts.Cluster.FindHolderAsync(other.Target, Cancellation));
        parts.Cluster.BeforeClaiming = _ => { };
        await LookAsync();

        Assert.Null(await parts.Cluster.FindHolderAsync(Cart.Target, Cancellation));
        Assert.Equal([25, 30, 0, 0], parts.Cluster.Weights);
    }

    /// <summary>A look that broke off between the claim and the write leaves the target to the watchdog, which needs no silence of its own.</summary>
    [Fact]
    public async Task LookAsync_BrokenOffHalfWay_IsMadeGoodByTheNext()
    {
        string known = await KnownAsync(Cart);
        await HeldAsync(Cart, Foreign, 25, heard: default);
        bool refuses = true;
        parts.Cluster.BeforeWriting = (_, _) => refuses ? throw new PortException(FailureKind.Transient, "no answer") : Task.CompletedTask;

        await LookAsync();
        Assert.Equal(WatchdogName, (await parts.Cluster.FindHolderAsync(Cart.Target, Cancellation))!.Owner);
        refuses = false;
        await LookAsync();

        Assert.Null(await parts.Cluster.FindHolderAsync(Cart.Target, Cancellation));
        Assert.Equal(0, parts.Cluster.Weights.Last());
        Assert.Contains($"Rollout {Foreign} is not heard of any more", Assert.Single(await EntriesAsync(known)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LookAsync_NamespaceIsNotServedAnyMore_IsPassedBy()
    {
        await KnownAsync(Cart with { Namespace = "closed", Target = Cart.Target with { Namespace = "closed" } });

        await LookAsync();

        Assert.Empty(parts.Cluster.Written);
    }

    private const string WatchdogName = "watchdog";

    private Task LookAsync() => parts.Leases(now).LookAsync(Cancellation);

    private async Task<string> KnownAsync(Release release, bool isOpen = false)
    {
        string id = release.Id();
        DateTimeOffset at = now.GetUtcNow();
        now.Advance(TimeSpan.FromTicks(1));
        await parts.Registry.RegisterAsync(new RegisteredRollout(id, at, "jo", release.Target, true), Cancellation);
        if (!isOpen)
        {
            await parts.Registry.FinishAsync(id, Cancellation);
        }

        return id;
    }

    private async Task HeldAsync(Release release, string owner, int weight, DateTimeOffset heard)
    {
        await parts.Cluster.ClaimAsync(release.Target, owner, RolloutMachine.LeaseTerm, Cancellation);
        await parts.Cluster.ApplyAsync(release.Target, new TrafficSplit(weight, []), owner, 1, Cancellation);
        parts.Cluster.Silent[owner] = heard == default ? now.GetUtcNow().AddDays(-1) : heard;
    }

    private async Task AssertUntouchedAsync(string known, int weight)
    {
        Assert.Equal([weight], parts.Cluster.Weights);
        Assert.Empty(await EntriesAsync(known));
    }

    private async Task<IReadOnlyList<JournalEntry>> EntriesAsync(string id) =>
        [.. (await parts.Journal.ReadAsync(id, 0, 100, Cancellation)).Select(r => r.Entry).OfType<JournalEntry>()];
}
