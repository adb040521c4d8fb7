using Rollouts.Manifests.Lint.PromQl;

namespace Rollouts.Manifests.Lint.Rules;

/// <summary>A percentile of buckets that have been added up: without the label <c>le</c> there is no histogram left.</summary>
internal sealed class QuantileWithoutBuckets : ILintRule
{
    public string Name => "quantile-without-le";

    public string Summary => "a percentile of buckets that an aggregation without `by (le)` has added up";

    public IEnumerable<LintFinding> Check(LintedRelease release) =>
        from metric in release.Metrics.Where(m => m.Query is not null)
        from quantile in metric.Query!.All<CallNode>().Where(c => c.IsQuantile())
        let aggregation = quantile.Arguments[1] as AggregationNode
        where aggregation is not null
            && aggregation.All<SelectorNode>().Any(s => s.Metric.EndsWith("_bucket", StringComparison.Ordinal))
            && !aggregation.Keeps("le")
        select new LintFinding(
            metric.Document, metric.Of(aggregation), $"takes a percentile of buckets whose label le is gone, which has no value; write {aggregation.Operator} by (le) (…)");
}
