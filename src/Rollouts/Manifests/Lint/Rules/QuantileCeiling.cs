using System.Globalization;
using Rollouts.Analysis.Expressions;
using Rollouts.Manifests.Lint.PromQl;

namespace Rollouts.Manifests.Lint.Rules;

/// <summary>A percentile compared with more than its histogram can show: a quantile never exceeds the highest finite bucket.</summary>
internal sealed class QuantileCeiling : ILintRule
{
    // ingress-nginx' request, response, header and connect durations end at 10 s unless the controller is told otherwise.
    private const double IngressNginxSeconds = 10;

    public string Name => "quantile-ceiling";

    public string Summary => "a percentile compared with more than the histogram's highest bucket (10 s in ingress-nginx)";

    public IEnumerable<LintFinding> Check(LintedRelease release)
    {
        foreach (LintedMetric metric in release.Metrics.Where(m => m.Query is not null))
        {
            (PromQlNode core, double scale) = metric.Query!.Core();
            if (!core.IsQuantile() || scale <= 0 || Highest(((CallNode)core).Arguments[1]) is not { } highest)
                continue;
            double ceiling = highest * scale;
            foreach ((Condition condition, Place place) in metric.Conditions)
            {
                foreach (Comparison bound in Comparisons.In(condition).Where(c => c.Number >= ceiling).Take(1))
                {
                    yield return new LintFinding(
                        metric.Document,
                        place,
                        FormattableString.Invariant($"compares a percentile with {bound.Number}, but the histogram's highest bucket is {ceiling} and no percentile of it is above that: {(bound.IsUpperBound ? "this always holds" : "this never holds")}; take a lower number, or give the histogram higher buckets"));
                }
            }
        }
    }

    /// <summary>The highest finite bucket; null when it is not known.</summary>
    private static double? Highest(PromQlNode buckets)
    {
        if (buckets.All<SelectorNode>().ToArray() is not [var selector])
            return null;
        if (selector.Matchers.FirstOrDefault(m => m is { Label: "le", Operator: "=~", IsOpen: false }) is { } named)
        {
            return named.Value.Replace(@"\\.", ".", StringComparison.Ordinal).Split('|')
                .Max(n => double.TryParse(n, NumberStyles.Float, CultureInfo.InvariantCulture, out double bound) && double.IsFinite(bound) ? bound : (double?)null);
        }

        return selector.Metric.StartsWith("nginx_ingress_controller_", StringComparison.Ordinal)
            && selector.Metric.EndsWith("_duration_seconds_bucket", StringComparison.Ordinal)
                ? IngressNginxSeconds
                : null;
    }
}
