using Rollouts.Analysis.Expressions;
using Rollouts.Manifests.Lint.PromQl;

namespace Rollouts.Manifests.Lint.Rules;

/// <summary>A share from 0 to 1 compared with a percentage.</summary>
internal sealed class ShareThreshold : ILintRule
{
    public string Name => "share-threshold";

    public string Summary => "a share from 0 to 1 compared with a percentage, such as 95";

    public IEnumerable<LintFinding> Check(LintedRelease release)
    {
        foreach (LintedMetric metric in release.Metrics.Where(m => m.Query is not null))
        {
            (PromQlNode core, double scale) = metric.Query!.Core();
            if (core is not BinaryNode { Operator: "/" } division || division.Picked().Count == 0)
                continue;
            foreach ((Condition condition, Place place) in metric.Conditions)
            {
                foreach (Comparison bound in Comparisons.In(condition).Where(c => c.Number > Math.Abs(scale)).Take(1))
                {
                    yield return new LintFinding(
                        metric.Document,
                        place,
                        FormattableString.Invariant($"compares a share, which is {scale} at most, with {bound.Number}: that {(bound.IsUpperBound ? "always" : "never")} holds; write {bound.Number / 100 * scale}, or multiply the query by {100 / scale}"));
                }
            }
        }
    }
}
