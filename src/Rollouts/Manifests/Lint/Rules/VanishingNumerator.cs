using Rollouts.Manifests.Lint.PromQl;

namespace Rollouts.Manifests.Lint.Rules;

/// <summary>A share whose upper part is empty, and with it the whole, as long as no series matches: an error rate without errors.</summary>
internal sealed class VanishingNumerator : ILintRule
{
    public string Name => "vanishing-numerator";

    public string Summary => "a share that has no value at all as long as nothing matches its upper part";

    public IEnumerable<LintFinding> Check(LintedRelease release)
    {
        foreach (LintedMetric metric in release.Metrics.Where(m => m.Query is not null))
        {
            foreach (BinaryNode division in metric.Query!.Binaries("/").Where(d => !d.Left.Binaries("or").Any()))
            {
                LabelMatcher[] picked = [.. division.Picked().Where(m => m.Label != "le" && !VersionLabels.MayPick(m, metric.CanaryService))];
                if (picked.Length > 0)
                    yield return new LintFinding(metric.Document, metric.Of(division.Left), Message(division, picked));
            }
        }
    }

    private static string Message(BinaryNode division, LabelMatcher[] picked)
    {
        bool isGrouped = division.Left.All<AggregationNode>().Any(a => a.Grouping is { Labels.Count: > 0 });
        string cure = isGrouped ? "(… or 0 * …), with the lower part of the division in the place of the second …" : "(… or vector(0))";
        return $"has no value as long as no series matches {string.Join(", ", picked.Select(p => p.ToString()))}, however much traffic there is; write the upper part of the division as {cure}";
    }
}
