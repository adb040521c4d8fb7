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
        if (found is null)
        {
            return null;
        }

        // The input is the turn before the running generation; what the last generation left is the output.
        Generation generation = (found.RuntimeStatus == OrchestrationRuntimeStatus.Completed ? found.ReadOutputAs<Generation>() : null)
            ?? found.ReadInputAs<Generation>()
            ?? throw new InvalidDataException($"the instance {id} has no input");
        return new RolloutInstance(found.RuntimeStatus, generation, StoredTurn.Read(generation.Turn));
    }

    /// <summary>What became of an instance whose state need not be readable; null when there is none.</summary>
    public async Task<OrchestrationRuntimeStatus?> StatusOfAsync(string id, CancellationToken cancellationToken) =>
        (await client.GetInstanceAsync(id, getInputsAndOutputs: false, cancellationToken).ConfigureAwait(false))?.RuntimeStatus;

    /// <summary>Whether an operator ended it, or it broke down: the rollout will do nothing more.</summary>
    public static bool IsBroken(OrchestrationRuntimeStatus status) => status is OrchestrationRuntimeStatus.Terminated or OrchestrationRuntimeStatus.Failed;

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

/// <summary>A rollout's instance.</summary>
/// <param name="Status">The runtime's.</param>
/// <param name="Generation">The one under way, or the last.</param>
/// <param name="Turn">The turn in it.</param>
public sealed record RolloutInstance(OrchestrationRuntimeStatus Status, Generation Generation, Turn Turn)
{
    /// <inheritdoc cref="RolloutInstances.IsBroken"/>
    public bool IsBroken => RolloutInstances.IsBroken(Status);

    /// <summary>What people see.</summary>
    public RolloutStatus View()
    {
        RolloutStatus status = RolloutStatusView.Of(Turn);
        return IsBroken && status.Outcome is null
            ? status with
            {
                Phase = RolloutPhase.Degraded,
                Outcome = RolloutOutcome.Aborted,
                WaitingFor = null,
                NextChangeAt = null,
                Question = null,
                Message = $"its instance {(Status == OrchestrationRuntimeStatus.Terminated ? "was terminated" : "failed")}; the watchdog takes the canary's traffic away",
            }
            : status;
    }
}
