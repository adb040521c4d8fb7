using Rollouts.Analysis;
using Rollouts.Journal;

namespace Rollouts.Machine;

internal sealed partial class TurnInProgress
{
    /// <summary>
    /// Lets the canary bake with all traffic while the stable version is still there to go back to.
    /// </summary>
    /// <returns>Null when there is no bake time, or it is over; else whether the rollout has changed.</returns>
    private bool? Bake()
    {
        if (Policy.Bake is not { } bake || rollout.PromotedInFull)
        {
            return null;
        }

        if (rollout.BakeStartedAt is not { } since)
        {
            rollout = rollout with { BakeStartedAt = now, Analysis = null, InconclusiveSince = null };
            Record(EventType.BakeStarted, $"The canary has all traffic and bakes for {GoDuration.Format(bake.For)}");
            return true;
        }

        if (bake.Analysis is not null && WalkAnalysis(AnalysisSubject.Bake))
        {
            return true;
        }

        bool holds = BackgroundHolds || (bake.Analysis is not null && Holds(AnalysisSubject.Bake));
        return now >= since + bake.For && !holds ? null : false;
    }

    private DateTimeOffset? BakeEndsAt => rollout is { Stage: RolloutStage.Promoting, PromotedInFull: false } ? rollout.BakeStartedAt + Policy.Bake?.For : null;

    /// <summary>Ends what is measured beside the steps, before the rollout is promoted; from here on nothing begins to be measured either.</summary>
    private void EndWatching()
    {
        EndBackground();
        if (rollout is { BakeStartedAt: not null, Analysis: { IsCompleted: false } run })
        {
            run = AnalysisRunner.Terminate(run, Rules, now);
            rollout = rollout with { Analysis = run };
            RecordVerdict(AnalysisSubject.Bake, run);
        }

        rollout = rollout with { PromotedInFull = true };
    }
}
