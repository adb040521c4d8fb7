using Rollouts.Policy;

namespace Rollouts.Analysis;

/// <summary>
/// Moves an analysis run forward: which metrics are due, what a measurement changes, when there is a verdict. Pure; the semantics are those of Argo's
/// <c>analysis/analysis.go</c>, beyond which only <see cref="AnalysisRules"/> goes.
/// </summary>
public static class AnalysisRunner
{
    /// <summary>After an error a metric is measured again this soon, whatever its interval (Argo's <c>DefaultErrorRetryInterval</c>).</summary>
    public static readonly TimeSpan ErrorRetryInterval = TimeSpan.FromSeconds(10);

    private const int MeasurementsKept = 10;

    private static readonly MeasurementPhase[] FromBestToWorst =
    [
        MeasurementPhase.Successful, MeasurementPhase.Running, MeasurementPhase.Pending,
        MeasurementPhase.Inconclusive, MeasurementPhase.Error, MeasurementPhase.Failed,
    ];

    public static AnalysisRun Start(string id, IReadOnlyList<Metric> metrics, DateTimeOffset now) => new()
    {
        Id = id,
        StartedAt = now,
        Metrics = [.. metrics.Select(m => new MetricResult { Metric = m })],
    };

    /// <summary>A run that ends before its first measurement, because its arguments do not resolve.</summary>
    public static AnalysisRun Unresolved(string id, string message, DateTimeOffset now) => new()
    {
        Id = id,
        StartedAt = now,
        CompletedAt = now,
        Phase = MeasurementPhase.Error,
        Message = message,
    };

    /// <summary>The metrics to measure now.</summary>
    public static IEnumerable<MetricResult> Due(AnalysisRun run, DateTimeOffset now) =>
        run.IsCompleted ? [] : run.Metrics.Where(m => DueAt(run, m) <= now);

    /// <summary>When a metric is to be measured next; null for never again.</summary>
    public static DateTimeOffset? DueAt(AnalysisRun run, MetricResult result)
    {
        if (run.IsCompleted || result.IsCompleted)
        {
            return null;
        }

        if (result.Taken == 0)
        {
            return run.StartedAt + (result.Metric.InitialDelay ?? TimeSpan.Zero);
        }

        Measurement last = result.Measurements[^1];
        bool brought = result.StarvedSince is null && last.Phase != MeasurementPhase.Error;
        return last.FinishedAt + (brought ? result.Metric.Interval ?? ErrorRetryInterval : ErrorRetryInterval);
    }

    /// <summary>When the run has something to do next; null when it is complete.</summary>
    public static DateTimeOffset? NextDue(AnalysisRun run) => run.Metrics.Min(m => DueAt(run, m));

    /// <summary>
    /// Enters a measurement. One that comes twice, late, or for a metric that has its verdict changes nothing. Call <see cref="Assess"/> once all
    /// measurements that were taken side by side are entered.
    /// </summary>
    public static AnalysisRun Record(AnalysisRun run, string metric, int number, Measurement measurement, AnalysisRules rules)
    {
        int index = run.Metrics.ToList().FindIndex(m => m.Metric.Name == metric);
        if (run.IsCompleted || index < 0 || run.Metrics[index].IsCompleted || run.Metrics[index].Taken + 1 != number)
        {
            return run;
        }

        MetricResult[] metrics = [.. run.Metrics];
        metrics[index] = Count(metrics[index], measurement, rules);
        return run with { Metrics = metrics };
    }

    /// <summary>Gives each metric, and then the run, its phase.</summary>
    public static AnalysisRun Assess(AnalysisRun run, AnalysisRules rules, DateTimeOffset now)
    {
        if (run.IsCompleted)
        {
            return run;
        }

        MetricResult[] metrics = [.. run.Metrics.Select(m => Assessed(m, terminating: false, rules))];
        bool terminating = metrics.Any(m => !m.Metric.DryRun && IsBad(m.Phase));
        if (terminating)
        {
            metrics = [.. metrics.Select(m => Assessed(m, terminating: true, rules))];
        }

        run = run with { Metrics = metrics };
        if (!metrics.All(m => m.IsCompleted))
        {
            return run;
        }

        (MeasurementPhase phase, string? message) = Worst(metrics, rules);
        return run with { Phase = phase, Message = message, CompletedAt = now };
    }

    /// <summary>
    /// Ends a run from outside: nothing more is measured, and a metric that exceeds no limit has succeeded (Argo's <c>spec.terminate</c>).
    /// </summary>
    public static AnalysisRun Terminate(AnalysisRun run, AnalysisRules rules, DateTimeOffset now)
    {
        if (run.IsCompleted)
        {
            return run;
        }

        MetricResult[] metrics = [.. run.Metrics.Select(m => Assessed(m, terminating: true, rules))];
        (MeasurementPhase phase, string? message) = Worst(metrics, rules);
        return run with { Metrics = metrics, Phase = phase, Message = message ?? "Run Terminated", CompletedAt = now };
    }

    private static MetricResult Count(MetricResult result, Measurement measurement, AnalysisRules rules)
    {
        UnclearAction? unclear = rules.For(result.Metric, measurement);
        bool starved = unclear is UnclearAction.Wait or UnclearAction.Ask;
        if (unclear == UnclearAction.Continue)
        {
            measurement = measurement with { Phase = MeasurementPhase.Successful, Message = $"taken as a success by policy: {Reason(measurement)}" };
        }
        else if (starved && measurement.NoData)
        {
            measurement = measurement with { Phase = MeasurementPhase.Error, Message = measurement.Value is null ? measurement.Message ?? "no data" : "no data" };
        }

        bool counts = measurement.Phase is MeasurementPhase.Successful or MeasurementPhase.Failed or MeasurementPhase.Inconclusive;
        bool erred = measurement.Phase == MeasurementPhase.Error;
        return result with
        {
            Count = result.Count + (counts ? 1 : 0),
            Successful = result.Successful + (measurement.Phase == MeasurementPhase.Successful ? 1 : 0),
            Failed = result.Failed + (measurement.Phase == MeasurementPhase.Failed ? 1 : 0),
            Inconclusive = result.Inconclusive + (measurement.Phase == MeasurementPhase.Inconclusive ? 1 : 0),
            Error = result.Error + (erred ? 1 : 0),
            ConsecutiveError = starved && measurement.NoData ? result.ConsecutiveError : erred ? result.ConsecutiveError + 1 : 0,
            ConsecutiveSuccess = measurement.Phase == MeasurementPhase.Successful ? result.ConsecutiveSuccess + 1 : 0,
            Taken = result.Taken + 1,
            Measurements = [.. result.Measurements.TakeLast((result.Metric.MeasurementsKept ?? MeasurementsKept) - 1), measurement],
            StarvedSince = starved ? result.StarvedSince ?? measurement.FinishedAt : null,
        };
    }

    private static string Reason(Measurement measurement) => measurement.NoData ? "no data" : measurement.Message ?? "error";

    private static MetricResult Assessed(MetricResult result, bool terminating, AnalysisRules rules)
    {
        MeasurementPhase phase = MetricAssessment.Assess(result, terminating, rules);
        if (phase == result.Phase)
        {
            return result;
        }

        string? message = result.Measurements.Count > 0 ? result.Measurements[^1].Message : null;
        string breach = MetricAssessment.Breach(result, rules).Message;
        return result with
        {
            Phase = phase,
            Message = result.Metric.DryRun && breach.Length > 0 ? $"Metric assessed {phase} due to {breach}" : message,
        };
    }

    private static (MeasurementPhase Phase, string? Message) Worst(IEnumerable<MetricResult> metrics, AnalysisRules rules)
    {
        MeasurementPhase? worst = null;
        string? message = null;
        foreach (MetricResult metric in metrics.Where(m => !m.Metric.DryRun))
        {
            if (worst is { } so && Array.IndexOf(FromBestToWorst, metric.Phase) <= Array.IndexOf(FromBestToWorst, so))
            {
                continue;
            }

            worst = metric.Phase;
            string breach = MetricAssessment.Breach(metric, rules).Message;
            if (breach.Length > 0)
            {
                message = $"Metric \"{metric.Metric.Name}\" assessed {metric.Phase} due to {breach}"
                    + (string.IsNullOrEmpty(metric.Message) ? "" : $": \"Error Message: {metric.Message}\"");
            }
        }

        return (worst ?? MeasurementPhase.Successful, message);
    }

    private static bool IsBad(MeasurementPhase phase) =>
        phase is MeasurementPhase.Failed or MeasurementPhase.Error or MeasurementPhase.Inconclusive;
}
