using Microsoft.DurableTask.Client;
using RolloutFunctions.Orchestration;
using Rollouts.Engine;
using Rollouts.Machine;

namespace RolloutFunctions.Engine;

/// <summary>A rollout's instance, as found. What it carries is read when it is asked for: what broke down may have done so because this build can't read that.</summary>
public sealed class RolloutInstance
{
    private readonly string id;
    private readonly DateTimeOffset createdAt;
    private readonly Lazy<Generation> generation;
    private readonly Lazy<Turn> turn;

    internal RolloutInstance(OrchestrationMetadata found)
    {
        id = found.InstanceId;
        createdAt = found.CreatedAt;
        Status = found.RuntimeStatus;
        generation = new Lazy<Generation>(() => GenerationOf(found));
        turn = new Lazy<Turn>(() => StoredTurn.Read(Generation.Turn));
    }

    /// <summary>The runtime's.</summary>
    public OrchestrationRuntimeStatus Status { get; }

    /// <summary>Whether an operator ended it, or it broke down: the rollout will do nothing more.</summary>
    public bool IsBroken => Status is OrchestrationRuntimeStatus.Terminated or OrchestrationRuntimeStatus.Failed;

    /// <summary>The one under way, or the last.</summary>
    /// <exception cref="InvalidDataException">This build can't read it.</exception>
    public Generation Generation => generation.Value;

    /// <summary>The turn in it.</summary>
    /// <exception cref="InvalidDataException">This build can't read it.</exception>
    public Turn Turn => turn.Value;

    /// <summary>The same, null where this build can't read it.</summary>
    public Turn? ReadableTurn
    {
        get
        {
            try
            {
                return Turn;
            }
            catch (InvalidDataException)
            {
                return null;
            }
        }
    }

    /// <summary>What people see.</summary>
    public RolloutStatus View()
    {
        RolloutStatus status = ReadableTurn is { } readable ? RolloutStatusView.Of(readable) : Unreadable();
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

    /// <summary>What its id says.</summary>
    private RolloutStatus Unreadable()
    {
        int name = id.IndexOf('.', StringComparison.Ordinal) + 1;
        int digest = Math.Max(id.LastIndexOf('.'), name);
        return new RolloutStatus
        {
            Id = id,
            Namespace = id[..Math.Max(0, name - 1)],
            Name = id[name..digest],
            Phase = RolloutPhase.Degraded,
            StartedAt = createdAt,
            Message = "its state was stored by a build that this one can't read",
        };
    }

    // The input is the turn before the running generation; what the last generation left is the output.
    private static Generation GenerationOf(OrchestrationMetadata found)
    {
        try
        {
            return (found.RuntimeStatus == OrchestrationRuntimeStatus.Completed ? found.ReadOutputAs<Generation>() : null)
                ?? found.ReadInputAs<Generation>()
                ?? throw new InvalidDataException($"the instance {found.InstanceId} has no input");
        }
        catch (System.Text.Json.JsonException unreadable)
        {
            throw new InvalidDataException($"the instance {found.InstanceId} has an input that this build can't read: {unreadable.Message}", unreadable);
        }
    }
}
