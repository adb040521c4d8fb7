using Rollouts.Engine;
using Rollouts.Machine;

namespace Rollouts.Cli;

/// <summary>What the <c>rollouts</c> command tells a pipeline.</summary>
public static class ExitCode
{
    /// <summary>Promoted; or, for a command that only prints a result, printed.</summary>
    public const int Ok = 0;

    /// <summary>Rolled back or aborted.</summary>
    public const int RolledBack = 1;

    /// <summary>Invalid input or usage.</summary>
    public const int Invalid = 2;

    /// <summary>Gave up waiting.</summary>
    public const int GaveUp = 3;

    /// <summary>Waiting for a human.</summary>
    public const int Waiting = 4;

    /// <summary>The exit code of a rollout as it stands.</summary>
    public static int Of(RolloutStatus status) => status.Outcome is { } outcome ? Of(outcome) : Waiting;

    /// <summary>The exit code of an outcome.</summary>
    public static int Of(RolloutOutcome outcome) => outcome switch
    {
        RolloutOutcome.Promoted or RolloutOutcome.FastRolledBack => Ok,
        RolloutOutcome.Invalid => Invalid,
        _ => RolledBack,
    };
}
