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
    /// <summary>Argo's rules to the letter.</summary>
    public static AnalysisRules Argo { get; } = new(UnclearAction.Abort, UnclearAction.Abort);

    /// <summary>The rules that a policy asks for.</summary>
    public static AnalysisRules Of(RolloutPolicy policy) => new(policy.NoData.Action, policy.Error.Action);

    internal UnclearAction? For(Metric metric, Measurement measurement) => metric.DryRun ? null
        : measurement.NoData ? NoData
        : measurement.Phase == MeasurementPhase.Error ? Error
        : null;

    internal bool ErrorsCount(Metric metric) => metric.DryRun || Error is UnclearAction.Abort or UnclearAction.Continue;
}
