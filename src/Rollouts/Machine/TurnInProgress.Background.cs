using Rollouts.Analysis;
using Rollouts.Analysis.Arguments;
using Rollouts.Journal;
using Rollouts.Policy;
using Rollouts.Steps;

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

        bool mayBegin = rollout.Background is not null || (!rollout.ReplayDue && rollout.StepIndex >= background.StartingStep && MayBeMeasured);
        return mayBegin && WalkAnalysis(AnalysisSubject.Background);
    }

    // Before the canary has traffic there is nothing to measure, and missing data would say nothing about it.
    private bool MayBeMeasured => Policy.Background is { AfterRequests: { } minimum }
        ? HasHadRequests(minimum)
        : Policy.Background.StartOn == BackgroundStart.StartingStep || Weight > 0;

    /// <summary>Whether the canary has had its requests; as long as it has not, they are counted again every 10 s, however long that takes.</summary>
    private bool HasHadRequests(RequestMinimum minimum)
    {
        AnalysisRun? run = rollout.RequestCount;
        if (run is null)
        {
            string id = $"requests-{rollout.Attempt}";
            AnalysisStep analysis = rollout.Release.Background!.Analysis;
            (RequestMinimum? filled, IReadOnlyList<ArgumentProblem> problems) = ArgumentResolution.Resolve(
                minimum, TemplateNesting.Flatten(analysis.Templates, rollout.Release.Templates), analysis, Context);
            run = filled is null
                ? AnalysisRunner.Unresolved(id, string.Join("; ", problems.Select(p => p.Message)), now)
                : AnalysisRunner.Start(id, [new Metric { Name = "requests", Prometheus = filled.Query, Minimum = filled }], now);
            Record(EventType.AnalysisRunPending, $"Background analysis waits until the canary has had {minimum.Count:0.##} requests");
        }

        // What can't be counted is for the analysis itself to tell.
        run = AnalysisRunner.Assess(run, CountingRules, now);
        rollout = rollout with { RequestCount = run };
        return run.IsCompleted;
    }

    private static AnalysisRules CountingRules { get; } = new(UnclearAction.Wait, UnclearAction.Wait);

    private bool Counted(MeasurementTaken taken)
    {
        if (rollout is not { Background: null, RequestCount: { } run } || run.Id != taken.Run)
        {
            return false;
        }

        rollout = rollout with { RequestCount = AnalysisRunner.Record(run, taken.Metric, taken.Number, taken.Measurement, CountingRules) };
        return true;
    }

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
