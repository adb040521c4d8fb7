using Rollouts.Manifests.Lint.PromQl;

namespace Rollouts.Manifests.Lint.Rules;

/// <summary>A ratio or a percentile of counters as they stand: everything since the process started, so that a new fault hardly shows.</summary>
internal sealed class CounterWithoutRate : ILintRule
{
    private static readonly string[] Endings = ["_total", "_bucket", "_count", "_sum"];

    public string Name => "counter-without-rate";

    public string Summary => "a ratio or percentile of counters without `rate`, which hardly moves";

    public IEnumerable<LintFinding> Check(LintedRelease release)
    {
        foreach (LintedMetric metric in release.Metrics.Where(m => m.Query is not null))
        {
            PromQlNode[] judged = [.. metric.Query!.All().Where(n => n is BinaryNode { Operator: "/" } || n.IsQuantile())];
            if (judged.SelectMany(Bare).FirstOrDefault() is { } counter)
            {
                yield return new LintFinding(
                    metric.Document,
                    metric.Of(counter),
                    $"takes {Shown.Plain(counter.Metric)} as it stands, which counts since the process started and hardly shows what happens now; write rate({Shown.Plain(counter.Metric)}{{…}}[5m])");
            }
        }
    }

    // What an aggregation over time or a function of counters looks at has a window.
    private static IEnumerable<SelectorNode> Bare(PromQlNode node) => node switch
    {
        SelectorNode { Window: null } selector when Endings.Any(e => selector.Metric.EndsWith(e, StringComparison.Ordinal)) => [selector],
        SubqueryNode => [],
        AggregationNode { Operator: "count" or "group" } => [],
        CallNode { Function: "absent" or "timestamp" } => [],
        _ => node.Children.SelectMany(Bare),
    };
}
