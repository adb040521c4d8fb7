using Rollouts.Journal;
using Rollouts.Policy;
using Rollouts.Steps;

namespace Rollouts.Machine;

internal sealed partial class TurnInProgress
{
    /// <summary>The schedule, when it is closed and nobody has decided to go on in spite of it.</summary>
    private ClosedSchedule? Closed =>
        Policy.Schedule is { } schedule && !rollout.PromotedInFull && rollout.ScheduleOverruled != rollout.StepIndex
            ? ScheduleClock.Closed(schedule, now)
            : null;

    /// <summary>Whether the next step would raise the weight and the schedule does not let it.</summary>
    private bool WaitsForSchedule(Step? next) => WaitsForSchedule(next switch
    {
        null => rollout.Release.Target.MaxWeight,
        SetWeightStep set => set.Weight,
        _ => 0,
    });

    private bool WaitsForSchedule(int weight)
    {
        if (weight > rollout.Desired.CanaryWeight && Closed is { } closed)
        {
            if (rollout.ScheduleOpensAt is null)
            {
                Record(EventType.ScheduleClosed, $"The weight is not raised to {weight}: {closed.Why}");
            }

            rollout = rollout with { ScheduleOpensAt = closed.OpensAt };
            return true;
        }

        rollout = rollout with { ScheduleOpensAt = null };
        return false;
    }
}
