using Rollouts.Analysis;

namespace Rollouts.Simulation;

/// <summary>Runs an analysis over given values in virtual time, by Argo's rules to the letter. A query takes no time.</summary>
public static class AnalysisSimulator
{
    /// <returns>
    /// The run at its end. A run whose metrics would go on for ever is left running once every series has been used up and its last value, however
    /// often it came again, would change nothing.
    /// </returns>
    public static AnalysisRun Run(IReadOnlyList<Metric> metrics, MetricSeries series, DateTimeOffset start)
    {
        DateTimeOffset now = start;
        AnalysisRun run = AnalysisRunner.Start("analysis", metrics, start);
        while (!run.IsCompleted)
        {
            MetricResult[] due = [.. AnalysisRunner.Due(run, now)];
            if (due.All(m => IsEndless(m) && m.Taken >= series.Length(m.Metric.Name) && !CanEndBy(m)) && due.Length > 0 && EverythingElseIsDone(run, due))
            {
                return run;
            }

            foreach (MetricResult metric in due)
            {
                SeriesValue? given = series.At(metric.Metric.Name, metric.Taken);
                Measurement measurement = MetricVerdict.Judge(
                    metric.Metric, given?.Value, given is null ? "no value is given for this metric" : given.Error, now, now);
                run = AnalysisRunner.Record(run, metric.Metric.Name, metric.Taken + 1, measurement, AnalysisRules.Argo);
            }

            run = AnalysisRunner.Assess(run, AnalysisRules.Argo, now);
            now = AnalysisRunner.NextDue(run) ?? now;
        }

        return run;
    }

    private static bool EverythingElseIsDone(AnalysisRun run, MetricResult[] due) =>
        run.Metrics.All(m => m.IsCompleted || IsEndless(m)) && due.Length == run.Metrics.Count(m => !m.IsCompleted);

    /// <summary>Whether measurements like the last one end the metric sooner or later.</summary>
    private static bool CanEndBy(MetricResult result) => result.Measurements is not [.., { Phase: var last }] || last switch
    {
        MeasurementPhase.Successful => result.Metric.ConsecutiveSuccessLimit > 0,
        MeasurementPhase.Failed => result.Metric.FailureLimit >= 0,
        _ => true,
    };

    private static bool IsEndless(MetricResult result) => MetricAssessment.EffectiveCount(result.Metric) is null;
}
