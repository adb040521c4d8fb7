using Rollouts.Analysis;
using Rollouts.Analysis.Expressions;
using Rollouts.Engine;
using Rollouts.Machine;

namespace Rollouts.Questions;

/// <summary>What a question rests on: the measurements of its analysis against their limits. Derived from the rollout, never stored beside it.</summary>
public sealed record QuestionEvidence
{
    /// <summary>How many metrics are shown at most.</summary>
    public const int MostMetrics = 10;

    private const string StableSuffix = "-stable";

    /// <summary>Those of the analysis that is asked about first, dry runs last. Empty for a pause without an analysis before it.</summary>
    public IReadOnlyList<MetricEvidence> Metrics { get; init; } = [];

    /// <summary>The evidence that a rollout has now.</summary>
    public static QuestionEvidence Of(RolloutStatus status)
    {
        AnalysisStatus?[] analyses = status.Question?.Subject == AnalysisSubject.Background
            ? [status.Background, status.Analysis]
            : [status.Analysis, status.Background];
        MetricStatus[] metrics = [.. analyses.OfType<AnalysisStatus>().SelectMany(a => a.Metrics).DistinctBy(m => m.Name)];

        // A metric "x-stable" measures for the stable version what "x" does for the canary, and is shown beside it.
        Dictionary<string, MetricStatus> stable = metrics
            .Where(m => m.Name.EndsWith(StableSuffix, StringComparison.Ordinal))
            .ToDictionary(m => m.Name[..^StableSuffix.Length], StringComparer.Ordinal);
        return new QuestionEvidence
        {
            Metrics =
            [
                .. metrics
                    .Where(m => !(m.Name.EndsWith(StableSuffix, StringComparison.Ordinal) && metrics.Any(c => c.Name + StableSuffix == m.Name)))
                    .OrderBy(m => m.DryRun)
                    .Take(MostMetrics)
                    .Select(m => Of(m, stable.GetValueOrDefault(m.Name))),
            ],
        };
    }

    private static MetricEvidence Of(MetricStatus metric, MetricStatus? stable) => new()
    {
        Name = metric.Name,
        Phase = metric.Phase,
        DryRun = metric.DryRun,
        Latest = metric.Measurements is [.., var last] ? Shown(last) : "not measured yet",
        SuccessCondition = metric.SuccessCondition,
        FailureCondition = metric.FailureCondition,
        SuccessLimits = ConditionLimits.In(metric.SuccessCondition),
        FailureLimits = ConditionLimits.In(metric.FailureCondition),
        Trend = Trend(metric),
        Stable = stable is null ? [] : Trend(stable),
        Counts = string.Join(", ", new[] { (metric.Successful, "good"), (metric.Failed, "bad"), (metric.Inconclusive, "unclear"), (metric.Error, "without a value") }
            .Where(c => c.Item1 > 0).Select(c => $"{c.Item1} {c.Item2}")),
    };

    private static string Shown(Measurement measurement) => measurement switch
    {
        { NoData: true } => "no data",
        { Value: { } value } => Number(value) is { } number ? TrendPoint.Show(number) : value,
        { Message: { } message } => message,
        _ => "no value",
    };

    private static IReadOnlyList<TrendPoint> Trend(MetricStatus metric) =>
        [.. metric.Measurements.Select(m => new TrendPoint(m.FinishedAt, m.NoData || m.Value is null ? null : Number(m.Value), m.Phase))];

    private static double? Number(string value)
    {
        try
        {
            double? number = MetricValue.ParsePrometheusNotation(value) switch
            {
                ScalarValue scalar => scalar.Value,
                VectorValue { Values: [var first, ..] } => first,
                _ => null,
            };
            return number is { } finite && double.IsFinite(finite) ? finite : null;
        }
        catch (ConditionException)
        {
            return null;
        }
    }
}

/// <summary>A metric against its limits.</summary>
public sealed record MetricEvidence
{
    public required string Name { get; init; }

    public required MeasurementPhase Phase { get; init; }

    /// <summary>Whether the metric is shown only, without counting.</summary>
    public bool DryRun { get; init; }

    /// <summary>The last measurement, as text.</summary>
    public required string Latest { get; init; }

    public string? SuccessCondition { get; init; }

    public string? FailureCondition { get; init; }

    /// <summary>What the value is compared with to succeed, where the condition says it plainly.</summary>
    public IReadOnlyList<ConditionLimit> SuccessLimits { get; init; } = [];

    /// <summary>What the value is compared with to fail, where the condition says it plainly.</summary>
    public IReadOnlyList<ConditionLimit> FailureLimits { get; init; } = [];

    /// <summary>The last ten measurements, oldest first.</summary>
    public IReadOnlyList<TrendPoint> Trend { get; init; } = [];

    /// <summary>The same of the stable version, where a metric measures it.</summary>
    public IReadOnlyList<TrendPoint> Stable { get; init; } = [];

    /// <summary>For instance <c>3 good, 1 unclear</c>; over the whole run.</summary>
    public string Counts { get; init; } = "";

    /// <summary>The limits in words, for instance <c>good &lt;= 0.01, bad &gt; 0.05</c>; else the conditions.</summary>
    public string LimitText => string.Join(
        ", ", new[] { In("good", SuccessLimits, SuccessCondition), In("bad", FailureLimits, FailureCondition) }.OfType<string>());

    private static string? In(string word, IReadOnlyList<ConditionLimit> limits, string? condition) =>
        limits.Count > 0 ? $"{word} {string.Join(" and ", limits)}" : condition is not null ? $"{word} if {condition}" : null;
}

/// <summary>One measurement of a trend.</summary>
/// <param name="At">When.</param>
/// <param name="Value">The number, or of several the first; null when there was none.</param>
/// <param name="Phase">What the conditions made of it.</param>
public sealed record TrendPoint(DateTimeOffset At, double? Value, MeasurementPhase Phase)
{
    /// <summary>A number for people: four digits.</summary>
    public static string Show(double value) => value.ToString("G4", System.Globalization.CultureInfo.InvariantCulture);
}
