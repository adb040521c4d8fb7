using Rollouts.AzureStorage.Registry;
using Rollouts.AzureStorage.Tests.Azurite;
using Rollouts.Traffic;

namespace Rollouts.AzureStorage.Tests.Registry;

public sealed class RolloutRegistryTests(AzuriteServer azurite)
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    // A table of its own for each test: lists see everything in it.
    private readonly RolloutRegistry registry = new(azurite.Tables, TimeProvider.System, $"Registry{Guid.NewGuid():N}");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RegisterAsync_New_IsFoundListedAndOpen()
    {
        Registration registration = await registry.RegisterAsync(Rollout("cart", 1), Cancellation);

        Assert.True(registration.IsNew);
        RegisteredRollout found = (await registry.FindAsync("shop.cart.1", Cancellation))!;
        Assert.Equal((Noon.AddMinutes(1), "jo", true), (found.StartedAt, found.StartedBy, found.IsOpen));
        Assert.Equal("shop/cart", found.Target.ToString());
        Assert.Equal(["shop.cart.1"], await registry.ListAsync(10, Cancellation));
        Assert.Equal("shop.cart.1", Assert.Single(await registry.ListOpenAsync(Cancellation)).Id);
    }

    [Fact]
    public async Task RegisterAsync_Again_AnswersTheFirst()
    {
        await registry.RegisterAsync(Rollout("cart", 1), Cancellation);

        Registration again = await registry.RegisterAsync(Rollout("cart", 1) with { StartedBy = "someone else" }, Cancellation);

        Assert.Equal((false, "jo", null), (again.IsNew, again.Rollout!.StartedBy, again.Owner));
    }

    [Theory]
    [InlineData("ingress")]
    [InlineData("service")]
    public async Task RegisterAsync_SharesAnObjectWithAnOpenRollout_NamesTheOwner(string shared)
    {
        await registry.RegisterAsync(Rollout("cart", 1), Cancellation);
        RegisteredRollout other = Rollout("basket", 2);
        TrafficTarget target = shared == "ingress"
            ? other.Target with { Nginx = new NginxRouting { StableIngresses = ["basket", "cart"] } }
            : other.Target with { CanaryService = "cart-canary" };

        Registration refused = await registry.RegisterAsync(other with { Target = target }, Cancellation);

        Assert.Equal((null, "shop.cart.1"), (refused.Rollout, refused.Owner));
        Assert.Null(await registry.FindAsync(other.Id, Cancellation));
    }

    [Fact]
    public async Task RegisterAsync_ManyForOneTargetAtOnce_OneOwnsIt()
    {
        Registration[] all = await Task.WhenAll(Enumerable.Range(1, 12).Select(i => Task.Run(() =>
            new RolloutRegistry(azurite.Tables, TimeProvider.System, "RegistryRace").RegisterAsync(Rollout("cart", i), Cancellation))));

        string winner = Assert.Single(all, r => r.IsNew).Rollout!.Id;
        Assert.All(all.Where(r => !r.IsNew), r => Assert.Equal(winner, r.Owner));
    }

    [Fact]
    public async Task FinishAsync_GivesTheTargetFree()
    {
        await registry.RegisterAsync(Rollout("cart", 1), Cancellation);

        await registry.FinishAsync("shop.cart.1", Cancellation);
        await registry.FinishAsync("shop.cart.1", Cancellation);

        Assert.False((await registry.FindAsync("shop.cart.1", Cancellation))!.IsOpen);
        Assert.Empty(await registry.ListOpenAsync(Cancellation));
        Assert.True((await registry.RegisterAsync(Rollout("cart", 2), Cancellation)).IsNew);
        Assert.Equal(["shop.cart.2", "shop.cart.1"], await registry.ListAsync(10, Cancellation));
        Assert.Equal(["shop.cart.2"], await registry.ListAsync(1, Cancellation));
        Assert.Equal([("shop.cart.2", true), ("shop.cart.1", false)], (await registry.ListNewestAsync(10, Cancellation)).Select(r => (r.Id, r.IsOpen)));
        Assert.Single(await registry.ListNewestAsync(1, Cancellation));
    }

    [Fact]
    public async Task FinishAsync_TargetOfALaterRollout_LeavesItThere()
    {
        await registry.RegisterAsync(Rollout("cart", 1), Cancellation);
        await registry.FinishAsync("shop.cart.1", Cancellation);
        await registry.RegisterAsync(Rollout("cart", 2), Cancellation);

        await registry.FinishAsync("shop.cart.1", Cancellation);

        Assert.Equal("shop.cart.2", (await registry.RegisterAsync(Rollout("cart", 3), Cancellation)).Owner);
    }

    [Fact]
    public async Task ReopenAsync_TargetFree_OwnsItAgain()
    {
        await registry.RegisterAsync(Rollout("cart", 1), Cancellation);
        await registry.FinishAsync("shop.cart.1", Cancellation);

        Assert.Null(await registry.ReopenAsync("shop.cart.1", Cancellation));
        Assert.Null(await registry.ReopenAsync("shop.cart.1", Cancellation));

        Assert.Equal("shop.cart.1", (await registry.RegisterAsync(Rollout("cart", 2), Cancellation)).Owner);
        Assert.Single(await registry.ListOpenAsync(Cancellation));
    }

    [Fact]
    public async Task ReopenAsync_TargetTaken_NamesTheOwnerAndStaysFinished()
    {
        await registry.RegisterAsync(Rollout("cart", 1), Cancellation);
        await registry.FinishAsync("shop.cart.1", Cancellation);
        await registry.RegisterAsync(Rollout("cart", 2), Cancellation);

        Assert.Equal("shop.cart.2", await registry.ReopenAsync("shop.cart.1", Cancellation));

        Assert.False((await registry.FindAsync("shop.cart.1", Cancellation))!.IsOpen);
    }

    [Fact]
    public async Task ReopenAsync_Unknown_IsNotFound()
    {
        PortException refused = await Assert.ThrowsAsync<PortException>(() => registry.ReopenAsync("shop.nothing.1", Cancellation));

        Assert.Equal(FailureKind.NotFound, refused.Kind);
    }

    private static RegisteredRollout Rollout(string name, int version) => new(
        $"shop.{name}.{version}",
        Noon.AddMinutes(version),
        "jo",
        new TrafficTarget
        {
            Namespace = "shop",
            RolloutName = name,
            StableService = $"{name}-stable",
            CanaryService = $"{name}-canary",
            Nginx = new NginxRouting { StableIngresses = [name] },
        },
        true);
}
