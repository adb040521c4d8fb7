using Rollouts.Journal;
using Rollouts.Workloads;

namespace Rollouts.Machine;

/// <summary>What becomes of a release's pods once its outcome is known, and restarts of the stable ones.</summary>
internal sealed partial class TurnInProgress
{
    /// <summary>Plans the time after the outcome.</summary>
    private void BeginRetirement(RolloutOutcome outcome)
    {
        if (rollout.Workload is not { Revision: > 0 } workload)
        {
            return;
        }

        bool promoted = outcome is RolloutOutcome.Promoted or RolloutOutcome.FastRolledBack;
        bool carriesTraffic = !promoted && CarriesTraffic;
        TimeSpan delay = promoted ? Scaling.ScaleDownDelay : Scaling.AbortScaleDownDelay;
        bool keeps = carriesTraffic || (!promoted && delay == TimeSpan.Zero && outcome is not (RolloutOutcome.Superseded or RolloutOutcome.Invalid));
        bool atOnce = rollout.MakesWay || outcome is RolloutOutcome.Superseded or RolloutOutcome.Invalid;
        rollout = rollout with
        {
            Workload = workload with
            {
                PuttingBack = false,
                RetireAt = keeps || workload.Plan.Canary is null ? null : atOnce ? now : now + delay,
            },
        };
        if (!carriesTraffic)
        {
            Shape(workload.Plan with
            {
                Stable = promoted ? workload.Plan.Stable : new StablePlan(StableContent.AsItIs, StableReplicas(workload), workload.RestartedAt),
                Experiments = [],
                CanaryService = WorkloadRole.Stable,
                ReferenceReplicas = promoted && rollout.Release.Workload!.Reference is { ScaleDown: not ReferenceScaleDown.Never } ? 0 : null,
            });
        }
    }

    /// <summary>Takes the canary's pods away when their time has come.</summary>
    private bool Retire()
    {
        if (rollout.Workload is not { RetireAt: { } at } workload || now < at)
        {
            return false;
        }

        Shape(workload.Plan with { Canary = null, CanaryService = WorkloadRole.Stable });
        rollout = rollout with { Workload = rollout.Workload with { RetireAt = null } };
        return true;
    }

    /// <summary>Whether the cluster's objects still have to be written before the target can be given free.</summary>
    private bool OwesTheWorkload => rollout is { OwnsTarget: true, Workload: { Revision: > 0 } workload }
        && (workload.RetireAt is not null || workload.Restarting || workload.AppliedRevision != workload.Revision);

    private bool IsToRestart => rollout is { Stage: RolloutStage.Closing, Workload.Restarting: true };

    /// <summary>The end of the time that closing may take.</summary>
    private DateTimeOffset ClosingEndsAt
    {
        get
        {
            DateTimeOffset from = rollout.FinishedAt!.Value;
            foreach (DateTimeOffset? later in new[] { rollout.Workload?.RetireAt, rollout.Workload is { Restarting: true } w ? w.ProgressedAt : null })
            {
                from = later > from ? later.Value : from;
            }

            return from + RolloutMachine.ClosingDeadline;
        }
    }

    /// <summary>Restarts the stable pods: at once in a rollout under way, and by claiming the target once more in one that has ended.</summary>
    private string? Restart(DecisionRead read)
    {
        if (rollout.Workload is not { } workload)
        {
            return rollout.Release.Workload is null ? "its pods are deployed by somebody else; restart them there" : "it has not begun";
        }

        // The annotation that carries it has whole seconds.
        DateTimeOffset at = read.Decision.At.AddTicks(-(read.Decision.At.Ticks % TimeSpan.TicksPerSecond));
        bool ended = rollout.Outcome is not null;
        Record(EventType.RolloutRestarted, $"Restart of the stable pods by {read.Decision.By}{Because(read)}", read);
        rollout = rollout with
        {
            Stage = ended ? RolloutStage.Closing : rollout.Stage,
            Workload = workload with { RestartedAt = at, Restarting = ended, ProgressedAt = now },
        };
        if (ended)
        {
            // Of the rest nothing is known any more once the target was given free.
            StablePlan stable = new(StableContent.AsItIs, null, at);
            Shape(rollout.OwnsTarget ? rollout.Workload.Plan with { Stable = stable } : new WorkloadPlan { Stable = stable, OnlyStable = true });
        }

        return null;
    }

    /// <summary>Waits for restarted pods; a restart that does not come through ends with the progress deadline.</summary>
    private bool EndRestart()
    {
        if (rollout.Workload is not { Restarting: true } workload)
        {
            return false;
        }

        bool complete = workload.AppliedRevision == workload.Revision
            && workload.State?.Stable is { IsComplete: true } stable && stable.RestartedAt >= workload.RestartedAt;
        bool late = now >= workload.ProgressedAt + rollout.Release.ProgressDeadline;
        if (!complete && !late)
        {
            return false;
        }

        Record(
            complete ? EventType.RolloutRestarted : EventType.ProgressDeadlineExceeded,
            complete ? "The stable pods were restarted" : $"The restart did not end within {GoDuration.Format(rollout.Release.ProgressDeadline)}: {PodProblem(workload)}");
        rollout = rollout with { Workload = workload with { Restarting = false } };
        return true;
    }
}
