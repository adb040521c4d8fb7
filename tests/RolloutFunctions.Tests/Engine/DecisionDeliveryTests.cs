using Grpc.Core;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using RolloutFunctions.Engine;
using Rollouts.Engine;
using Rollouts.Machine;

namespace RolloutFunctions.Tests.Engine;

public sealed class DecisionDeliveryTests
{
    private readonly ClientStandIn client = new();
    private readonly FakeTimeProvider time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DeliverAsync_AlreadyRead_RaisesNothing()
    {
        client.Instance = ClientStandIn.In(OrchestrationRuntimeStatus.Running, lastDecision: 5);

        Assert.NotNull(await DeliverAsync(5, passing: TimeSpan.Zero));

        Assert.Equal(0, client.Raised);
    }

    [Fact]
    public async Task DeliverAsync_Unread_RaisesAgainEverySecondUntilItIsRead()
    {
        client.Instance = ClientStandIn.In(OrchestrationRuntimeStatus.Running, lastDecision: 4);

        Task<RolloutStatus?> delivering = DeliverAsync(5, passing: TimeSpan.FromSeconds(2.5));
        await Task.WhenAny(delivering, Task.Delay(TimeSpan.FromSeconds(5), Cancellation));
        Assert.False(delivering.IsCompleted);
        Assert.Equal(3, client.Raised);

        client.Instance = ClientStandIn.In(OrchestrationRuntimeStatus.Running, lastDecision: 5);
        await PassAsync(TimeSpan.FromSeconds(1), delivering);

        Assert.NotNull(await delivering);
        Assert.Equal(3, client.Raised);
    }

    [Fact]
    public async Task DeliverAsync_NeverRead_AnswersAfterFiveSeconds()
    {
        client.Instance = ClientStandIn.In(OrchestrationRuntimeStatus.Running, lastDecision: 4);

        Task<RolloutStatus?> delivering = DeliverAsync(5, passing: TimeSpan.FromSeconds(6));

        Assert.NotNull(await delivering.WaitAsync(TimeSpan.FromSeconds(20), Cancellation));
        Assert.InRange(client.Raised, 4, 6);
    }

    [Theory]
    [InlineData(OrchestrationRuntimeStatus.Terminated)]
    [InlineData(OrchestrationRuntimeStatus.Failed)]
    public async Task DeliverAsync_InstanceThatWillReadNothing_AnswersAtOnce(OrchestrationRuntimeStatus status)
    {
        client.Instance = ClientStandIn.In(status, lastDecision: 4);

        Assert.Equal(RolloutOutcome.Aborted, (await DeliverAsync(5, passing: TimeSpan.Zero))!.Outcome);

        Assert.Equal(0, client.Raised);
    }

    [Fact]
    public async Task DeliverAsync_InstanceGone_IsNull() => Assert.Null(await DeliverAsync(5, passing: TimeSpan.Zero));

    [Fact]
    public async Task DeliverAsync_WakeRefused_LooksAgain()
    {
        client.Instance = ClientStandIn.In(OrchestrationRuntimeStatus.Running, lastDecision: 4);
        client.Refusal = new RpcException(new Status(StatusCode.FailedPrecondition, "it has ended"));

        Task<RolloutStatus?> delivering = DeliverAsync(5, passing: TimeSpan.FromSeconds(1.5));
        await Task.WhenAny(delivering, Task.Delay(TimeSpan.FromSeconds(2), Cancellation));
        client.Instance = ClientStandIn.In(OrchestrationRuntimeStatus.Completed, lastDecision: 4, output: ClientStandIn.Of(5));
        await PassAsync(TimeSpan.FromSeconds(1), delivering);

        Assert.NotNull(await delivering);
        Assert.Equal(2, client.Raised);
    }

    [Fact]
    public async Task DeliverAsync_FaultOfAnotherKind_IsThrown()
    {
        client.Instance = ClientStandIn.In(OrchestrationRuntimeStatus.Running, lastDecision: 4);
        client.Refusal = new TimeoutException();

        await Assert.ThrowsAsync<TimeoutException>(() => DeliverAsync(5, passing: TimeSpan.Zero));
    }

    private async Task<RolloutStatus?> DeliverAsync(long sequence, TimeSpan passing)
    {
        Task<RolloutStatus?> delivering = new DecisionDelivery(client.Instances, time, NullLogger.Instance).DeliverAsync(ClientStandIn.Id, sequence, Cancellation);
        await PassAsync(passing, delivering);
        return await delivering;
    }

    /// <summary>In steps, each with a moment of the machine's for what it sets going.</summary>
    private async Task PassAsync(TimeSpan passing, Task until)
    {
        for (TimeSpan passed = TimeSpan.Zero; passed < passing && !until.IsCompleted; passed += TimeSpan.FromMilliseconds(100))
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.WhenAny(until, Task.Delay(15, Cancellation));
        }
    }
}
