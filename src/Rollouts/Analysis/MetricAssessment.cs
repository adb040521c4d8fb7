namespace Rollouts.Analysis;

/// <summary>The phase of one metric from its counters, as Argo's <c>assessMetricStatus</c> decides it.</summary>
internal static class MetricAssessment
{
    /// <summary>Argo's <c>DefaultConsecutiveErrorLimit</c>.</summary>
    public const int DefaultConsecutiveErrorLimit = 4;

    public static int? EffectiveCount(Metric metric) =>
        metric.Count is > 0 ? metric.Count : metric.Interval is null ? 1 : null;

    public static MeasurementPhase Assess(MetricResult result, bool terminating, AnalysisRules rules)
    {
        if (result.IsCompleted)
        {
            return result.Phase;
        }

        if (result.Taken == 0)
        {
            return terminating ? MeasurementPhase.Successful : MeasurementPhase.Pending;
        }

        if (Breach(result, rules).Phase is { } breached)
        {
            return breached;
        }

        Metric metric = result.Metric;
        bool successApplies = metric.ConsecutiveSuccessLimit > 0;
        if (successApplies && result.ConsecutiveSuccess >= metric.ConsecutiveSuccessLimit)
        {
            return MeasurementPhase.Successful;
        }

        if (result.Count >= EffectiveCount(metric))
        {
            return (successApplies, metric.FailureLimit >= 0) switch
            {
                (true, true) => MeasurementPhase.Inconclusive,
                (true, false) => MeasurementPhase.Failed,
                _ => MeasurementPhase.Successful,
            };
        }

        return terminating ? MeasurementPhase.Successful : MeasurementPhase.Running;
    }

    /// <summary>Which limit is exceeded, if any; of several the last one checked, as in Argo: failures, then inconclusive ones, then errors.</summary>
    public static (MeasurementPhase? Phase, string Message) Breach(MetricResult result, AnalysisRules rules)
    {
        Metric metric = result.Metric;
        (MeasurementPhase?, string) breach = (null, "");
        if (metric.FailureLimit >= 0 && result.Failed > metric.FailureLimit)
        {
            breach = (MeasurementPhase.Failed, $"failed ({result.Failed}) > failureLimit ({metric.FailureLimit})");
        }

        if (result.Inconclusive > metric.InconclusiveLimit)
        {
            breach = (MeasurementPhase.Inconclusive, $"inconclusive ({result.Inconclusive}) > inconclusiveLimit ({metric.InconclusiveLimit})");
        }

        int errorLimit = metric.ConsecutiveErrorLimit ?? DefaultConsecutiveErrorLimit;
        if (result.ConsecutiveError > errorLimit && rules.ErrorsCount(result))
        {
            breach = (MeasurementPhase.Error, $"consecutiveErrors ({result.ConsecutiveError}) > consecutiveErrorLimit ({errorLimit})");
        }

        return breach;
    }
}
