using Rollouts.Analysis;
using Rollouts.Analysis.Arguments;
using Rollouts.Journal;
using Rollouts.Steps;
using Rollouts.Workloads;

namespace Rollouts.Machine;

/// <summary>Experiments: pods of both versions beside the rollout, and what is measured on them.</summary>
internal sealed partial class TurnInProgress
{
    private ExperimentStep? Experiment =>
        rollout is { Stage: RolloutStage.Stepping, CurrentStep: ExperimentStep experiment, StepStartedAt: not null, Workload: not null } ? experiment : null;

    private IReadOnlyList<ExperimentPlan> ExperimentPlans =>
        Experiment is { } experiment && (rollout.Workload!.Course != RolloutCourse.First || experiment.Templates.All(t => t.From == WorkloadRole.Canary)) ? [.. experiment.Templates.Select(t => new ExperimentPlan(t.Name, t.From, t.Replicas, t.Metadata))] : [];

    private bool ExperimentIsStarting => Experiment is not null && rollout.Workload is { ExperimentUpAt: null };

    private bool ExperimentIsMeasured => Experiment is { Analyses.Count: > 0 } && rollout.Workload is { ExperimentUpAt: not null };

    private DateTimeOffset? ExperimentEndsAt =>
        Experiment is { } experiment && !experiment.Analyses.Any(a => a.Required) ? rollout.Workload!.ExperimentUpAt + experiment.Duration : null;

    private bool WalkExperiment(ExperimentStep experiment)
    {
        WorkloadProgress workload = rollout.Workload!;
        if (workload.Course == RolloutCourse.First && experiment.Templates.Any(t => t.From == WorkloadRole.Stable))
        {
            Record(EventType.SkipSteps, "The experiment is skipped: there is no stable version yet that it could compare with");
            return CompleteStep();
        }

        if (workload.ExperimentUpAt is null)
        {
            return experiment.Templates.All(t => IsUp(workload, t)) ? BeginMeasuring() : AwaitExperiment();
        }

        if (experiment.Analyses.Count == 0)
        {
            return now >= ExperimentEndsAt && CompleteStep();
        }

        if (WalkAnalysis(AnalysisSubject.Step))
        {
            return true;
        }

        // An open question is for its answer to end.
        if (Experiment != experiment || rollout.Question is { Subject: AnalysisSubject.Step } || !IsOver(experiment) || rollout.ManualPause is not null)
        {
            return false;
        }

        if (rollout.Analysis is { IsCompleted: false } run)
        {
            run = AnalysisRunner.Terminate(run, Rules, now);
            Keep(AnalysisSubject.Step, run);
            RecordVerdict(AnalysisSubject.Step, run);
            return true;
        }

        return rollout.Analysis is { Phase: MeasurementPhase.Successful } && CompleteStep();
    }

    private bool BeginMeasuring()
    {
        rollout = rollout with { Workload = rollout.Workload! with { ExperimentUpAt = now }, Analysis = null };
        Record(EventType.ExperimentRunning, $"The experiment's pods are available: {string.Join(", ", Experiment!.Templates.Select(t => $"{t.Name} x {t.Replicas}"))}");
        return true;
    }

    /// <summary>As in Argo, pods that do not come up in time fail the experiment, and with it the rollout.</summary>
    private bool AwaitExperiment()
    {
        if (now < rollout.Workload!.ProgressedAt + rollout.Release.ProgressDeadline || rollout.ManualPause is not null)
        {
            return false;
        }

        string missing = string.Join(", ", rollout.Workload.State?.Experiments.Where(e => !e.Value.IsComplete).Select(e => Seen(e.Key, e.Value).Trim()) ?? []);
        BeginRollback(
            RolloutOutcome.RolledBack,
            $"Experiment phase error/failed: its pods did not become available within {GoDuration.Format(rollout.Release.ProgressDeadline)}: {missing}");
        return true;
    }

    private static bool IsUp(WorkloadProgress workload, ExperimentTemplate side) =>
        workload.AppliedRevision == workload.Revision
        && workload.State!.Experiments.TryGetValue(side.Name, out PodCounts? pods)
        && pods.IsComplete
        && pods.Available >= side.Replicas;

    /// <summary>Whether the required analyses are done, or, where none is required, the time has passed.</summary>
    private bool IsOver(ExperimentStep experiment)
    {
        string[] required = [.. experiment.Analyses.Where(a => a.Required).Select(a => PrefixOf(experiment, a))];
        return required.Length == 0
            ? now >= ExperimentEndsAt
            : rollout.Analysis is { } run && run.Metrics.All(m => m.IsCompleted || !required.Any(r => m.Metric.Name.StartsWith(r, StringComparison.Ordinal)));
    }

    private static string PrefixOf(ExperimentStep experiment, ExperimentAnalysis analysis) => experiment.Analyses.Count == 1 ? "" : $"{analysis.Name}/";

    private (IReadOnlyList<Metric>? Metrics, IReadOnlyList<ArgumentProblem> Problems) MetricsOf(ExperimentStep experiment)
    {
        List<Metric> metrics = [];
        foreach (ExperimentAnalysis analysis in experiment.Analyses)
        {
            (IReadOnlyList<Metric>? own, IReadOnlyList<ArgumentProblem> problems) = MetricsOf(analysis.Analysis);
            if (own is null)
            {
                return (null, problems);
            }

            metrics.AddRange(own.Select(m => m with { Name = PrefixOf(experiment, analysis) + m.Name }));
        }

        return (metrics, []);
    }
}
