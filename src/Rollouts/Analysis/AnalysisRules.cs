using Rollouts.Policy;

namespace Rollouts.Analysis;

/// <summary>How a run treats measurements that bring nothing.</summary>
/// <param name="NoData">What a measurement without data is.</param>
/// <param name="Error">What a measurement that could not be taken is.</param>
/// <remarks>
/// <see cref="UnclearAction.Abort"/> is Argo's way: the measurement counts as what the conditions, or the error, make of it.
/// <see cref="UnclearAction.Continue"/> counts it as a success. <see cref="UnclearAction.Wait"/> and <see cref="UnclearAction.Ask"/> do not count it at
/// all: the metric starves until data comes back or the machine loses patience. A dry-run metric is always treated Argo's way, since nobody waits for it.
/// </remarks>
public sealed record AnalysisRules(UnclearAction NoData, UnclearAction Error)
{
    /// <summary>What is different for some metrics. Default nothing.</summary>
    public IReadOnlyList<MetricPolicy> Metrics { get; init; } = [];

    /// <summary>Argo's rules to the letter.</summary>
    public static AnalysisRules Argo { get; } = new(UnclearAction.Abort, UnclearAction.Abort);

    /// <summary>The rules that a policy asks for.</summary>
    public static AnalysisRules Of(RolloutPolicy policy) => new(policy.NoData.Action, policy.Error.Action) { Metrics = policy.Metrics };

    internal UnclearAction? For(Metric metric, Measurement measurement) => metric.DryRun ? null
        : measurement.NoData ? NoDataOf(metric)
        : measurement.Phase == MeasurementPhase.Error ? Error
        : null;

    /// <summary>Whether errors count towards the metric's limit: those of the provider, or of conditions without data, whichever the last one was.</summary>
    internal bool ErrorsCount(MetricResult result) =>
        result.Metric.DryRun
        || Error is UnclearAction.Abort or UnclearAction.Continue
        || (result.Measurements is [.., { NoData: true }] && NoDataOf(result.Metric) == UnclearAction.Abort);

    /// <summary>What is different for a metric; null for nothing.</summary>
    internal MetricPolicy? PolicyOf(Metric metric) => Metrics.FirstOrDefault(m => IsOf(m, metric));

    private UnclearAction NoDataOf(Metric metric) => PolicyOf(metric)?.NoData?.Action ?? NoData;

    // Of several analyses in one experiment, the metrics bear the analysis' name before their own.
    private static bool IsOf(MetricPolicy policy, Metric metric) =>
        metric.Name == policy.Name || metric.Name.EndsWith($"/{policy.Name}", StringComparison.Ordinal);
}
