using Rollouts.AzureStorage.Registry;
using Rollouts.AzureStorage.Tests.Azurite;
using Rollouts.Embedded.Tests;
using Rollouts.Journal;
using Rollouts.Manifests;

namespace RolloutFunctions.Tests.Engine;

/// <summary>A retry at each moment of a closing: the rollout is open at the end, and its decision is not lost.</summary>
public sealed class RolloutClosingTests(AzuriteServer azurite)
{
    private static readonly Release Cart = Releases.Asking("cart");

    private static readonly Decision Retry = new() { Id = "again", Command = Command.Retry, By = "jo", At = default };

    private readonly BenchParts parts = new(azurite);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TryCloseAsync_NothingUnread_ClosesBoth()
    {
        string id = await RegisteredAsync();

        Assert.True(await parts.Closing.TryCloseAsync(id, 0, Cancellation));

        Assert.False((await parts.Registry.FindAsync(id, Cancellation))!.IsOpen);
        Assert.Equal(DecisionAppendOutcome.Closed, (await parts.Journal.AppendDecisionAsync(id, Retry, Cancellation)).Outcome);
    }

    [Fact]
    public async Task TryCloseAsync_DecisionUnread_ClosesNothing()
    {
        string id = await RegisteredAsync();
        await parts.Journal.AppendDecisionAsync(id, Retry, Cancellation);

        Assert.False(await parts.Closing.TryCloseAsync(id, 0, Cancellation));

        Assert.True((await parts.Registry.FindAsync(id, Cancellation))!.IsOpen);
    }

    /// <summary>The retry opens both after the journal was closed and before the registration is.</summary>
    [Fact]
    public async Task FinishAsync_RetryCameBetween_LeavesTheRegistrationOpen()
    {
        string id = await RegisteredAsync();
        Assert.True(await parts.Journal.TryCloseAsync(id, 0, Cancellation));
        Assert.Null(await parts.Registry.ReopenAsync(id, Cancellation));
        await parts.Journal.ReopenAsync(id, Retry, Cancellation);

        Assert.False(await parts.Closing.FinishAsync(id, 0, Cancellation));

        Assert.True((await parts.Registry.FindAsync(id, Cancellation))!.IsOpen);
        Assert.Single(await parts.Registry.ListOpenAsync(Cancellation));
    }

    private async Task<string> RegisteredAsync()
    {
        string id = Cart.Id();
        await parts.Registry.RegisterAsync(new RegisteredRollout(id, TimeProvider.System.GetUtcNow(), "jo", Cart.Target, true), Cancellation);
        return id;
    }
}
