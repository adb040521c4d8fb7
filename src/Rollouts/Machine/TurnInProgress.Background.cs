using Rollouts.Analysis;
using Rollouts.Policy;

namespace Rollouts.Machine;

internal sealed partial class TurnInProgress
{
    /// <summary>Whether the analysis beside the steps leaves it open if the canary is healthy: steps under way end, none begins.</summary>
    private bool BackgroundHolds => !rollout.PromotedInFull && Holds(AnalysisSubject.Background);

    private bool Holds(AnalysisSubject subject) =>
        rollout.Question?.Subject == subject
        || InconclusiveSince(subject) is not null
        || (RunOf(subject) is { } run && (run.IsCompleted ? run.Phase == MeasurementPhase.Inconclusive : Starves(run)));

    /// <summary>Whether a run that has no end shows by now that all is well.</summary>
    private static bool IsGood(AnalysisRun run) => run.Metrics.All(m => m.Metric.DryRun || m.Successful > 0);

    private bool WalkBackground()
    {
        if (rollout.Release.Background is not { } background || rollout.PromotedInFull)
        {
            return false;
        }

        return rollout.Background is null
            ? rollout.StepIndex >= background.StartingStep && MayBeMeasured && WalkAnalysis(AnalysisSubject.Background)
            : WalkAnalysis(AnalysisSubject.Background);
    }

    // Before the canary has traffic there is nothing to measure, and missing data would say nothing about it.
    private bool MayBeMeasured => Policy.Background.StartOn == BackgroundStart.StartingStep || Weight > 0;

    /// <summary>Ends the analysis beside the steps, which has then succeeded.</summary>
    private void EndBackground(bool tell = true)
    {
        if (rollout.Background is not { IsCompleted: false } run)
        {
            return;
        }

        run = AnalysisRunner.Terminate(run, Rules, now);
        rollout = rollout with { Background = run, BackgroundInconclusiveSince = null };
        if (tell)
        {
            RecordVerdict(AnalysisSubject.Background, run);
        }
    }
}
