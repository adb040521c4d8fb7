using Rollouts.Manifests.Lint.PromQl;
using Rollouts.Steps;

namespace Rollouts.Manifests.Lint.Rules;

/// <summary>A query that measures both versions together: at 5 % of the traffic, a canary that only errs is an error rate of 5 %.</summary>
internal sealed class NoCanarySelector : ILintRule
{
    public string Name => "no-canary-selector";

    public string Summary => "a query that does not tell the canary from the stable version";

    public IEnumerable<LintFinding> Check(LintedRelease release)
    {
        int weight = 0;
        var reported = new HashSet<LintedMetric>();
        foreach (LintedStep step in release.Steps)
        {
            weight = step.Step is SetWeightStep set ? set.Weight : weight;
            if (weight >= release.FullWeight)
                continue;
            foreach (LintedMetric metric in step.Metrics.Concat(release.Background?.Metrics ?? []).Where(m => MeasuresBoth(m) && reported.Add(m)))
            {
                yield return new LintFinding(
                    metric.Document,
                    metric.Of(metric.Query!),
                    "measures the stable version together with the canary; select the canary by a label, such as version=\"{{args.canary-hash}}\" with an argument from podTemplateHashValue: Latest, or canary!=\"\" in ingress-nginx");
            }
        }
    }

    private static bool MeasuresBoth(LintedMetric metric) =>
        metric.Query is { } query
        && query.All<SelectorNode>().ToArray() is { Length: > 0 } selectors
        && !selectors.Any(s => s.Metric.Contains("canary", StringComparison.OrdinalIgnoreCase) || s.Matchers.Any(m => VersionLabels.MayPick(m, metric.CanaryService)))
        && !query.All<AggregationNode>().Any(a => a.Grouping is { } grouping && grouping.Labels.Any(l => VersionLabels.MayPick(new LabelMatcher(l, "=", "", false), null)));
}
