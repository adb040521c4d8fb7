using Rollouts.Manifests.Lint.PromQl;

namespace Rollouts.Manifests.Lint.Rules;

/// <summary><c>or vector(0)</c> around a whole ratio: no traffic and no scrape look like a value.</summary>
internal sealed class NoDataAsValue : ILintRule
{
    public string Name => "no-data-as-value";

    public string Summary => "`or vector(0)` around a whole ratio, so that no traffic looks like no errors";

    public IEnumerable<LintFinding> Check(LintedRelease release)
    {
        foreach (LintedMetric metric in release.Metrics)
        {
            PromQlNode? node = metric.Query;
            while (node is BinaryNode { Operator: "or" } either)
            {
                if (either.Right is CallNode { Function: "vector", Arguments: [NumberNode { Value: { } value }] }
                    && !double.IsNaN(value)
                    && (either.Left.Core().Core.IsQuantile() || either.Left.Core().Core is BinaryNode { Operator: "/" or "-" } core && core.Binaries("/").Any()))
                {
                    yield return new LintFinding(
                        metric.Document,
                        metric.Of(either),
                        FormattableString.Invariant($"takes {value} for a measurement when there is no data at all (no traffic, no scrape); put `or vector(0)` on the upper part of the division alone, and leave no data to the policy"));
                }

                node = either.Left;
            }
        }
    }
}
