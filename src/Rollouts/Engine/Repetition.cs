using Rollouts.Machine;

namespace Rollouts.Engine;

/// <summary>Starts of content that has run before.</summary>
public static class Repetition
{
    /// <summary>Whether it matters to the answer what came after a rollout.</summary>
    public static bool MayBeOvertaken(RolloutStatus there)
    {
        ArgumentNullException.ThrowIfNull(there);
        return there.Outcome == RolloutOutcome.Promoted;
    }

    /// <summary>
    /// What the start of a release answers that has run already: its rollout. If that was promoted and another release came after it, the answer is a refusal,
    /// for "promoted" would be taken for what runs now.
    /// </summary>
    /// <param name="there">The rollout of the same release.</param>
    /// <param name="later">A release of the same rollout that began after it; null when there is none.</param>
    public static StartResult Answer(RolloutStatus there, string? later)
    {
        return !MayBeOvertaken(there) || later is null
            ? new StartResult(StartOutcome.AlreadyStarted, there)
            : new StartResult(
                StartOutcome.Refused,
                there,
                Reason: $"the same release has run as {there.Id} and was promoted, and {later} came after it: to go back, undo that one, or name this a run of its "
                    + "own (--run, ?run=), for instance by the pipeline's build");
    }
}
