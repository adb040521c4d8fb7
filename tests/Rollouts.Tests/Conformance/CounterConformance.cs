using Rollouts.Analysis;

namespace Rollouts.Tests.Conformance;

/// <summary>A metric's phase by its counters and limits, while it runs and when the run is being terminated.</summary>
public sealed class CounterConformance
{
    public static IEnumerable<TheoryDataRow<CounterRow>> Rows => ConformanceRows.Read<CounterRow>("counters.jsonl");

    [Theory]
    [MemberData(nameof(Rows))]
    public void Assess_Counters_GiveArgosPhase(CounterRow row)
    {
        MetricResult result = row.Counters.ToResult(row.Metric.ToMetric(), row.Taken);

        Assert.Equal(row.Phase, MetricAssessment.Assess(result, terminating: false, AnalysisRules.Argo));
        Assert.Equal(row.Terminated, MetricAssessment.Assess(result, terminating: true, AnalysisRules.Argo));
        Assert.Equal(row.Message, MetricAssessment.Breach(result, AnalysisRules.Argo).Message);
    }
}

/// <param name="Source">Where Argo says so.</param>
/// <param name="Metric">Its limits.</param>
/// <param name="Counters">What has been counted.</param>
/// <param name="Taken">Whether there is a measurement.</param>
/// <param name="Phase">While it runs.</param>
/// <param name="Terminated">When the run ends.</param>
/// <param name="Message">Which limit is exceeded.</param>
public sealed record CounterRow(
    string Source,
    MetricRow Metric,
    CountersRow Counters,
    MeasurementPhase Phase,
    MeasurementPhase Terminated,
    bool Taken = true,
    string Message = "") : IConformanceRow;

/// <summary>Counters of a metric; what is not given is 0.</summary>
public sealed record CountersRow
{
    public int Count { get; init; }
    public int Successful { get; init; }
    public int Failed { get; init; }
    public int Inconclusive { get; init; }
    public int Error { get; init; }
    public int ConsecutiveError { get; init; }
    public int ConsecutiveSuccess { get; init; }

    internal MetricResult ToResult(Metric metric, bool taken) => new()
    {
        Metric = metric,
        Count = Count,
        Successful = Successful,
        Failed = Failed,
        Inconclusive = Inconclusive,
        Error = Error,
        ConsecutiveError = ConsecutiveError,
        ConsecutiveSuccess = ConsecutiveSuccess,
        Taken = taken ? 1 : 0,
    };
}

/// <summary>A metric as rows give it.</summary>
public sealed record MetricRow
{
    public string Name { get; init; } = "m";
    public string? Interval { get; init; }
    public string? InitialDelay { get; init; }
    public int? Count { get; init; }
    public int FailureLimit { get; init; }
    public int InconclusiveLimit { get; init; }
    public int? ConsecutiveErrorLimit { get; init; }
    public int ConsecutiveSuccessLimit { get; init; }
    public bool DryRun { get; init; }

    /// <summary>What its measurements come to, in order: S, F, I or E; the last one again and again.</summary>
    public string Takes { get; init; } = "S";

    internal Metric ToMetric() => new()
    {
        Name = Name,
        Interval = Duration(Interval),
        InitialDelay = Duration(InitialDelay),
        Count = Count,
        FailureLimit = FailureLimit,
        InconclusiveLimit = InconclusiveLimit,
        ConsecutiveErrorLimit = ConsecutiveErrorLimit,
        ConsecutiveSuccessLimit = ConsecutiveSuccessLimit,
        DryRun = DryRun,
        SuccessCondition = "result > 0",
        FailureCondition = "result < 0",
        Prometheus = new PrometheusQuery { Query = "q" },
    };

    private static TimeSpan? Duration(string? text) =>
        text is null ? null : GoDuration.TryParse(text, out TimeSpan duration) ? duration : throw new FormatException(text);
}
