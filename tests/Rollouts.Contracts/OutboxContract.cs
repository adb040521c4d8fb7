using Rollouts.Notifications;

namespace Rollouts.Contracts;

/// <summary>What <see cref="INotificationOutbox"/> promises.</summary>
public abstract class OutboxContract
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly string rollout = $"shop.checkout.{Guid.NewGuid():N}";

    protected abstract INotificationOutbox Outbox { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task BeginAsync_FirstTime_FindsNothing() => Assert.Null(await Outbox.BeginAsync(rollout, "team|q1", Noon, Cancellation));

    [Fact]
    public async Task BeginAsync_Again_FindsTheFirstMark()
    {
        await Outbox.BeginAsync(rollout, "team|q1", Noon, Cancellation);
        Assert.Equal(new OutboxMark(Noon, false, null), await Outbox.BeginAsync(rollout, "team|q1", Noon.AddMinutes(1), Cancellation));
        Assert.Null(await Outbox.BeginAsync(rollout, "team|q2", Noon, Cancellation));
        Assert.Null(await Outbox.BeginAsync($"{rollout}x", "team|q1", Noon, Cancellation));
    }

    [Theory]
    [InlineData("1754921437.000100")]
    [InlineData(null)]
    public async Task CompleteAsync_Begun_IsRemembered(string? message)
    {
        await Outbox.BeginAsync(rollout, "team|q1", Noon, Cancellation);
        await Outbox.CompleteAsync(rollout, "team|q1", message, Cancellation);
        await Outbox.CompleteAsync(rollout, "team|q1", message, Cancellation);
        Assert.Equal(new OutboxMark(Noon, true, message), await Outbox.BeginAsync(rollout, "team|q1", Noon.AddMinutes(1), Cancellation));
    }

    [Fact]
    public async Task TryTakeOverAsync_ManyAtOnce_OneDoes()
    {
        await Outbox.BeginAsync(rollout, "team|q1", Noon, Cancellation);
        OutboxMark seen = (await Outbox.BeginAsync(rollout, "team|q1", Noon, Cancellation))!;
        bool[] taken = await Task.WhenAll(
            Enumerable.Range(1, 10).Select(i => Task.Run(() => Outbox.TryTakeOverAsync(rollout, "team|q1", seen, Noon.AddMinutes(i), Cancellation))));
        Assert.Single(taken, t => t);
        Assert.False(await Outbox.TryTakeOverAsync(rollout, "team|q1", seen, Noon.AddHours(1), Cancellation));
    }

    [Fact]
    public async Task TryTakeOverAsync_Posted_IsLeftAsItIs()
    {
        await Outbox.BeginAsync(rollout, "team|q1", Noon, Cancellation);
        await Outbox.CompleteAsync(rollout, "team|q1", "m", Cancellation);
        Assert.False(await Outbox.TryTakeOverAsync(rollout, "team|q1", new OutboxMark(Noon, false, null), Noon.AddHours(1), Cancellation));
    }

    [Fact]
    public async Task WithdrawAsync_Begun_BeginsAnew()
    {
        await Outbox.BeginAsync(rollout, "team|q1", Noon, Cancellation);
        await Outbox.WithdrawAsync(rollout, "team|q1", Cancellation);
        await Outbox.WithdrawAsync(rollout, "team|q1", Cancellation);
        Assert.Null(await Outbox.BeginAsync(rollout, "team|q1", Noon, Cancellation));
    }

    [Fact]
    public async Task BeginAsync_ManyAtOnce_OneIsFirst()
    {
        OutboxMark?[] found = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(i => Task.Run(() => Outbox.BeginAsync(rollout, "team|q1", Noon.AddSeconds(i), Cancellation))));
        Assert.Single(found, m => m is null);
        Assert.Single(found.OfType<OutboxMark>().Distinct());
    }
}
