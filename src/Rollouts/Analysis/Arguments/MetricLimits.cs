namespace Rollouts.Analysis.Arguments;

/// <summary>How the numbers of a metric must agree (Argo's <c>ValidateMetric</c>, in its words where it has some).</summary>
public static class MetricLimits
{
    /// <summary>Every disagreement, with the field that it is about.</summary>
    public static IEnumerable<(string Field, string Message)> Check(Metric metric)
    {
        ArgumentNullException.ThrowIfNull(metric);
        int count = metric.Count ?? 0;
        if (string.IsNullOrEmpty(metric.Name))
        {
            yield return ("name", "name must not be empty");
        }

        if (count < 0)
        {
            yield return ("count", "count must be >= 0");
        }

        if (count > 0)
        {
            (int failures, int successes) = (metric.FailureLimit, metric.ConsecutiveSuccessLimit);
            if (failures >= 0 && successes >= 0 && count < (long)failures + successes)
            {
                yield return ("count",
                    $"count ({count}) must be >= failureLimit + consecutiveSuccessLimit ({failures} + {successes}) if both >= 0");
            }

            if (failures < 0 && count < successes)
            {
                yield return ("count", "count must be >= consecutiveSuccessLimit");
            }

            if (count < metric.InconclusiveLimit)
            {
                yield return ("count", "count must be >= inconclusiveLimit");
            }
        }

        if (count > 1 && metric.Interval is null)
        {
            yield return ("interval", "interval must be specified when count > 1");
        }

        // Argo takes these; without a pause between measurements it asks as fast as it is answered.
        if (metric.Interval <= TimeSpan.Zero)
        {
            yield return ("interval", "interval must be longer than 0s");
        }

        if (metric.InitialDelay < TimeSpan.Zero)
        {
            yield return ("initialDelay", "initialDelay must not be negative");
        }

        if (metric.FailureLimit < -1)
        {
            yield return ("failureLimit", "failureLimit must be >= 0, or -1 to be disabled");
        }

        if (metric.InconclusiveLimit < 0)
        {
            yield return ("inconclusiveLimit", "inconclusiveLimit must be >= 0");
        }

        if (metric.ConsecutiveErrorLimit < 0)
        {
            yield return ("consecutiveErrorLimit", "consecutiveErrorLimit must be >= 0");
        }

        if (metric.ConsecutiveSuccessLimit < 0)
        {
            yield return ("consecutiveSuccessLimit", "consecutiveSuccessLimit must be >= 0");
        }

        if (metric is { FailureLimit: -1, ConsecutiveSuccessLimit: 0 })
        {
            yield return ("failureLimit", "failureLimit and consecutiveSuccessLimit cannot both be disabled");
        }
    }
}
