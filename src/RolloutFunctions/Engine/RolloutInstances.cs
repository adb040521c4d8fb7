using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using RolloutFunctions.Orchestration;
using Rollouts.Engine;
using Rollouts.Machine;

namespace RolloutFunctions.Engine;

/// <summary>Rollouts as instances of the orchestrator.</summary>
public sealed class RolloutInstances(DurableTaskClient client)
{
    private static readonly OrchestrationRuntimeStatus[] UnderWay =
        [OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Suspended];

    private static readonly OrchestrationRuntimeStatus[] Any =
        [.. UnderWay, OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated];

    /// <summary>Null when there is none of that id, or it was purged.</summary>
    public async Task<RolloutInstance?> FindAsync(string id, CancellationToken cancellationToken)
    {
        OrchestrationMetadata? found = await client.GetInstanceAsync(id, getInputsAndOutputs: true, cancellationToken).ConfigureAwait(false);
        return found is null ? null : new RolloutInstance(found);
    }

    /// <summary>False when there is an instance of that id already, whatever became of it.</summary>
    public Task<bool> TryStartAsync(string id, Turn first, CancellationToken cancellationToken) =>
        TryScheduleAsync(id, new Generation(StoredTurn.Write(first)), Any, cancellationToken);

    /// <summary>Ends the wait of an instance that is under way, or goes on with a completed one; one that was terminated or failed stays as it is.</summary>
    public async Task WakeAsync(string id, RolloutInstance instance, CancellationToken cancellationToken)
    {
        if (UnderWay.Contains(instance.Status))
        {
            await client.RaiseEventAsync(id, RolloutOrchestrator.WakeEvent, "", cancellationToken).ConfigureAwait(false);
        }
        else if (instance.Status == OrchestrationRuntimeStatus.Completed)
        {
            await TryScheduleAsync(id, instance.Generation with { WokenEarly = true }, UnderWay, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<bool> TryScheduleAsync(
        string id, Generation generation, OrchestrationRuntimeStatus[] dedupe, CancellationToken cancellationToken)
    {
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(
                RolloutOrchestrator.Name, generation, new StartOrchestrationOptions { InstanceId = id }.WithDedupeStatuses(dedupe), cancellationToken)
                .ConfigureAwait(false);
            return true;
        }
        catch (Exception exists) when (IsAlreadyThere(exists))
        {
            return false;
        }
    }

    // The exception's type is the backend's; over the wire it is a status.
    private static bool IsAlreadyThere(Exception failure) =>
        failure is Grpc.Core.RpcException { StatusCode: Grpc.Core.StatusCode.AlreadyExists }
        || failure.GetType().Name == "OrchestrationAlreadyExistsException";
}
