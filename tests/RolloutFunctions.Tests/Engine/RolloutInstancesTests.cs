using Grpc.Core;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Converters;
using RolloutFunctions.Engine;
using RolloutFunctions.Orchestration;
using Rollouts.Machine;

namespace RolloutFunctions.Tests.Engine;

public sealed class RolloutInstancesTests
{
    private readonly ClientStandIn client = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FindAsync_None_IsNull() => Assert.Null(await client.Instances.FindAsync(ClientStandIn.Id, Cancellation));

    [Theory]
    [InlineData(OrchestrationRuntimeStatus.Pending)]
    [InlineData(OrchestrationRuntimeStatus.Running)]
    [InlineData(OrchestrationRuntimeStatus.Suspended)]
    [InlineData(OrchestrationRuntimeStatus.Failed)]
    [InlineData(OrchestrationRuntimeStatus.Terminated)]
    public async Task FindAsync_NotCompleted_IsTheTurnInItsInput(OrchestrationRuntimeStatus status)
    {
        client.Instance = ClientStandIn.In(status, lastDecision: 3);

        RolloutInstance found = (await client.Instances.FindAsync(ClientStandIn.Id, Cancellation))!;

        Assert.Equal((status, 3L, 7), (found.Status, found.Turn.Rollout.LastDecision, found.Generation.Number));
        Assert.Equal(status is OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated, found.IsBroken);
    }

    /// <summary>An output of its own has only what came to its end; the text of a termination is none.</summary>
    [Theory]
    [InlineData(OrchestrationRuntimeStatus.Completed, 9)]
    [InlineData(OrchestrationRuntimeStatus.Running, 3)]
    public async Task FindAsync_WithAnOutput_IsTheLastTurnOnceCompleted(OrchestrationRuntimeStatus status, long lastDecision)
    {
        client.Instance = ClientStandIn.In(status, lastDecision: 3, output: ClientStandIn.Of(lastDecision: 9));

        Assert.Equal(lastDecision, (await client.Instances.FindAsync(ClientStandIn.Id, Cancellation))!.Turn.Rollout.LastDecision);
    }

    [Fact]
    public async Task Turn_NoInput_IsToldByName()
    {
        client.Instance = new OrchestrationMetadata(RolloutOrchestrator.Name, ClientStandIn.Id) { RuntimeStatus = OrchestrationRuntimeStatus.Running, DataConverter = JsonDataConverter.Default };

        RolloutInstance found = (await client.Instances.FindAsync(ClientStandIn.Id, Cancellation))!;

        Assert.Null(found.ReadableTurn);
        InvalidDataException wrong = Assert.ThrowsAny<InvalidDataException>(() => found.Turn);
        Assert.Contains(ClientStandIn.Id, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task View_OfWhatAnOperatorTerminated_SaysThatItIsOver()
    {
        client.Instance = ClientStandIn.In(OrchestrationRuntimeStatus.Terminated);

        var view = (await client.Instances.FindAsync(ClientStandIn.Id, Cancellation))!.View();

        Assert.Equal((RolloutOutcome.Aborted, RolloutPhase.Degraded, null), (view.Outcome, view.Phase, view.WaitingFor));
        Assert.Contains("was terminated", view.Message, StringComparison.Ordinal);
    }

    /// <summary>The backend's default differs between versions; so every status is told, and no instance is ever replaced by the same release.</summary>
    [Fact]
    public async Task TryStartAsync_New_NamesTheInstanceAndEveryStatusToKeep()
    {
        Turn first = StoredTurn.Read(ClientStandIn.Of(0).Turn);

        Assert.True(await client.Instances.TryStartAsync(ClientStandIn.Id, first, Cancellation));

        (string orchestrator, Generation input, var options) = Assert.Single(client.Scheduled);
        Assert.Equal((RolloutOrchestrator.Name, ClientStandIn.Id, 1, false), (orchestrator, options.InstanceId, input.Number, input.WokenEarly));
        Assert.Equal(
            ["Completed", "Failed", "Pending", "Running", "Suspended", "Terminated"], options.DedupeStatuses!.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task TryStartAsync_ThereAlready_IsFalseWhateverTheBackendCallsIt()
    {
        Turn first = StoredTurn.Read(ClientStandIn.Of(0).Turn);
        foreach (Exception refusal in new Exception[] { new RpcException(new Status(StatusCode.AlreadyExists, "")), new OrchestrationAlreadyExistsException() })
        {
            client.Refusal = refusal;
            Assert.False(await client.Instances.TryStartAsync(ClientStandIn.Id, first, Cancellation));
        }
    }

    [Fact]
    public async Task TryStartAsync_AnythingElse_IsThrown()
    {
        client.Refusal = new RpcException(new Status(StatusCode.Unavailable, ""));

        await Assert.ThrowsAsync<RpcException>(() => client.Instances.TryStartAsync(ClientStandIn.Id, StoredTurn.Read(ClientStandIn.Of(0).Turn), Cancellation));
    }

    [Theory]
    [InlineData(OrchestrationRuntimeStatus.Pending, 1, 0)]
    [InlineData(OrchestrationRuntimeStatus.Running, 1, 0)]
    [InlineData(OrchestrationRuntimeStatus.Suspended, 1, 0)]
    [InlineData(OrchestrationRuntimeStatus.Completed, 0, 1)]
    [InlineData(OrchestrationRuntimeStatus.Failed, 0, 0)]
    [InlineData(OrchestrationRuntimeStatus.Terminated, 0, 0)]
    public async Task WakeAsync_EachStatus_RaisesGoesOnOrLeavesItAlone(OrchestrationRuntimeStatus status, int raised, int scheduled)
    {
        client.Instance = ClientStandIn.In(status, lastDecision: 3, output: status == OrchestrationRuntimeStatus.Completed ? ClientStandIn.Of(9) : null);
        RolloutInstance found = (await client.Instances.FindAsync(ClientStandIn.Id, Cancellation))!;

        await client.Instances.WakeAsync(ClientStandIn.Id, found, Cancellation);

        Assert.Equal((raised, scheduled), (client.Raised, client.Scheduled.Count));
        Assert.All(client.Scheduled, s =>
        {
            Assert.True(s.Input.WokenEarly);
            Assert.Equal(9, StoredTurn.Read(s.Input.Turn).Rollout.LastDecision);
            // One that is under way again meanwhile must not be replaced; a completed one is.
            Assert.Equal(["Pending", "Running", "Suspended"], s.Options.DedupeStatuses!.Order(StringComparer.Ordinal));
        });
    }

    [Fact]
    public async Task WakeAsync_CompletedThatAnotherWokeMeanwhile_IsNoFailure()
    {
        client.Instance = ClientStandIn.In(OrchestrationRuntimeStatus.Completed, output: ClientStandIn.Of(9));
        RolloutInstance found = (await client.Instances.FindAsync(ClientStandIn.Id, Cancellation))!;
        client.Refusal = new RpcException(new Status(StatusCode.AlreadyExists, ""));

        await client.Instances.WakeAsync(ClientStandIn.Id, found, Cancellation);

        Assert.Single(client.Scheduled);
    }

    /// <summary>Called as the backend calls its own, which this project does not reference.</summary>
    private sealed class OrchestrationAlreadyExistsException : Exception;
}
