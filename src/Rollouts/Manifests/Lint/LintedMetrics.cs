using Rollouts.Analysis.Arguments;
using Rollouts.Manifests.Kinds;

namespace Rollouts.Manifests.Lint;

/// <summary>Makes the metrics that rules look at: one for each use with other arguments.</summary>
internal sealed class LintedMetrics(
    IReadOnlyDictionary<string, LocatedTemplate> templates,
    string? canaryService,
    IReadOnlyDictionary<string, string> fields,
    Func<LocatedTemplate, TimeSpan> scrapes)
{
    private readonly HashSet<string> used = [];
    private readonly Dictionary<string, IReadOnlyList<LintedMetric>> known = [];

    public IReadOnlyList<LintedMetric> Of(LocatedAnalysis? analysis)
    {
        if (analysis is null)
            return [];
        LocatedTemplate[] named =
        [
            .. TemplateNesting.Walk(
                analysis.Templates.Select(t => t.Reference), k => templates.GetValueOrDefault(k), t => t.Nested.Select(n => n.Reference)),
        ];
        AnalysisContext context = new() { StableHash = VersionLabels.StableHash, CanaryHash = VersionLabels.CanaryHash, Fields = fields };
        IReadOnlyDictionary<string, string> values = ArgumentValues.Merge(
            named.Select(t => t.Template).OrderBy(t => t.ClusterScope), [.. analysis.Args.Select(a => a.Argument)], context, []).Values;
        string[] dryRun = [.. analysis.DryRun.Select(r => r.MetricName), .. named.SelectMany(t => t.Template.DryRun)];
        string signature = string.Join('\0', [.. values.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => $"{v.Key}\0{v.Value}"), .. dryRun]);
        return [.. named.SelectMany(t => Metrics(t, values, dryRun, signature))];
    }

    /// <summary>The metrics of templates that no step uses.</summary>
    public IEnumerable<LintedMetric> Unused() =>
        templates.Values.Where(t => !used.Contains(t.Key)).SelectMany(
            t => Metrics(t, ArgumentValues.Merge([t.Template], [], new AnalysisContext(), []).Values, t.Template.DryRun, ""));

    private IReadOnlyList<LintedMetric> Metrics(
        LocatedTemplate template, IReadOnlyDictionary<string, string> values, IReadOnlyList<string> dryRun, string signature)
    {
        used.Add(template.Key);
        string key = $"{template.Key}\0{signature}";
        if (!known.TryGetValue(key, out IReadOnlyList<LintedMetric>? metrics))
        {
            metrics = known[key] =
            [
                .. template.Metrics.Select(m => new LintedMetric(template, m, values)
                {
                    IsDryRun = dryRun.Any(rule => MetricRuleReader.Matches(rule, m.Metric.Name)),
                    CanaryService = canaryService,
                    ScrapeInterval = scrapes(template),
                }),
            ];
        }

        return metrics;
    }
}
