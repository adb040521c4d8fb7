using Rollouts.Analysis;
using Rollouts.Analysis.Arguments;
using Rollouts.Manifests.Fields;
using Rollouts.Manifests.Kinds;

namespace Rollouts.Manifests.Checks;

/// <summary>
/// Checks that the templates, arguments and rules of an analysis fit together, by Argo's rules and in its words
/// (<c>NewAnalysisRunFromTemplates</c> in <c>utils/analysis/helpers.go</c>).
/// </summary>
internal sealed class AnalysisChecks(IReadOnlyDictionary<string, LocatedTemplate> templates, ProblemList problems)
{
    // Stands for a hash that the cluster is asked for later.
    private const string StandInHash = "0123456789";

    // How many characters of metrics, each with its values, are looked at; far above what a release that can be stored has.
    private const int MostWork = 1_000_000;

    private readonly Dictionary<string, IReadOnlyList<LocatedMetric>> endlessMetrics = [];
    private readonly HashSet<string> resolved = [];
    private long work;

    /// <summary>Checks an analysis.</summary>
    /// <param name="analysis">Of a step, beside the steps, or of the bake time.</param>
    /// <param name="ns">The rollout's namespace.</param>
    /// <param name="mayBeEndless">Whether a metric may measure without end, because something else ends the analysis.</param>
    /// <param name="reportMissing">False when a document could not be read, which may hold what is missing.</param>
    public void Check(LocatedAnalysis analysis, string ns, bool mayBeEndless, bool reportMissing)
    {
        var used = new List<(LocatedTemplate Template, Place Place)>();
        foreach ((TemplateReference reference, Place place) in analysis.Templates)
        {
            if (templates.TryGetValue(reference.Key, out LocatedTemplate? template))
                used.Add((template, place));
            else if (reportMissing)
                ReportMissing(reference, place);
            if (template is { Namespace: { } other } && other != ns)
                problems.Error(place, $"{template.Title} is in namespace {other}, but the Rollout is in {ns}; a step uses templates of its own namespace");
        }

        if (used.Count < analysis.Templates.Count || !CheckNames(used))
            return;
        string[] declared = [.. used.SelectMany(u => u.Template.Args).Select(a => a.Argument.Name).Distinct()];
        IReadOnlyDictionary<string, string> values = Merge(analysis, used, declared);
        CheckRules(analysis, used);
        string signature = string.Join('\0', declared.Select(d => $"{d}\0{values.GetValueOrDefault(d, "\0")}"));
        foreach ((LocatedTemplate template, Place place) in used)
        {
            IReadOnlyList<LocatedMetric> endless = CheckMetrics(template, declared, values, signature);
            foreach (LocatedMetric metric in mayBeEndless ? [] : endless)
            {
                problems.Error(
                    place,
                    $"AnalysisTemplate {template.Template.Name} has metric {Shown.Plain(metric.Metric.Name)} which runs indefinitely. "
                    + $"Invalid value for count: {metric.Metric.Count ?? "<nil>"}; give the metric a count");
            }
        }

        string[] content = [signature, .. analysis.Templates.Select(t => t.Reference.Key), "", .. analysis.DryRun.Select(r => r.MetricName)];
        if (!problems.HasErrors && resolved.Add(string.Join('\0', content)))
            Resolve(analysis, used);
    }

    /// <summary>Checks a template that no step uses.</summary>
    public void CheckAlone(LocatedTemplate template)
    {
        string[] declared = [.. template.Args.Select(a => a.Argument.Name)];
        // Arguments without a default are for a step to fill.
        IReadOnlyDictionary<string, string> values = ArgumentValues.Merge([template.Template], [], null, null, []);
        foreach (LocatedMetric metric in CheckMetrics(template, declared, values, ""))
            problems.Warning(metric.At("interval"), "runs indefinitely, so only background analysis can use it; a step needs a count");
        CheckRules(template.DryRun, [.. template.Metrics.Select(m => m.Metric.Name)]);
    }

    // The same metrics with the same values come to the same, whichever step uses them.
    private IReadOnlyList<LocatedMetric> CheckMetrics(
        LocatedTemplate template, string[] declared, IReadOnlyDictionary<string, string> values, string signature)
    {
        string key = $"{template.Key}\0{signature}";
        if (endlessMetrics.TryGetValue(key, out IReadOnlyList<LocatedMetric>? known))
            return known;
        work += template.Metrics.Sum(m => 100 + m.Texts.Sum(t => t.Value.Length));
        if (work > MostWork)
        {
            problems.Error(template.Place, "is too large, or used with too many different arguments; shorten queries or split the release");
            return [];
        }

        return endlessMetrics[key] = [.. template.Metrics.Where(m => MetricChecks.Check(template, m, declared, values, problems))];
    }

    private void ReportMissing(TemplateReference reference, Place place)
    {
        var other = new TemplateReference(reference.Name, !reference.ClusterScope);
        string kind = reference.ClusterScope ? DocumentKind.ClusterAnalysisTemplate : DocumentKind.AnalysisTemplate;
        string[] names = [.. templates.Values.Where(t => t.Template.ClusterScope == reference.ClusterScope).Select(t => t.Template.Name)];
        string hint = templates.ContainsKey(other.Key)
            ? $"; there is {(other.ClusterScope ? "a ClusterAnalysisTemplate" : "an AnalysisTemplate")} of this name, so write clusterScope: {(other.ClusterScope ? "true" : "false")}"
            : Spelling.Hint(reference.Name, names) + (names.Length == 0 ? "; put it into the same request" : $"; given are {Shown.List(names)}");
        problems.Error(place, $"there is no {kind} {reference.Name} in the release{hint}");
    }

    private IReadOnlyDictionary<string, string> Merge(
        LocatedAnalysis analysis, List<(LocatedTemplate Template, Place Place)> used, string[] declared)
    {
        var found = new List<ArgumentProblem>();
        IReadOnlyDictionary<string, string> values = ArgumentValues.Merge(
            used.Select(u => u.Template.Template).OrderBy(t => t.ClusterScope), [.. analysis.Args.Select(a => a.Argument)], StandInHash, StandInHash, found);
        foreach (ArgumentProblem problem in found)
        {
            bool isMissing = !values.ContainsKey(problem.Field["args.".Length..]);
            Place place = isMissing ? analysis.Place : used.Last(u => u.Template.Key == problem.Template).Place;
            problems.Error(place, Shown.Sentence(problem.Message));
        }

        foreach ((AnalysisArgument argument, Place place) in analysis.Args.Where(a => !declared.Contains(a.Argument.Name)))
        {
            problems.Warning(
                place, $"no template of this step declares the argument {Shown.Text(argument.Name)}, so it has no effect{Spelling.Hint(argument.Name, declared)}");
        }

        return values;
    }

    // The machine makes its metrics by the same call, so that what it would refuse is refused before anything starts.
    private void Resolve(LocatedAnalysis analysis, List<(LocatedTemplate Template, Place Place)> used)
    {
        (_, IReadOnlyList<ArgumentProblem> found) = ArgumentResolution.Resolve(
            [.. used.Select(u => u.Template.Template)],
            [.. analysis.Args.Select(a => a.Argument)],
            StandInHash,
            StandInHash,
            [.. analysis.DryRun.Select(r => r.MetricName)]);
        foreach (ArgumentProblem problem in found)
        {
            LocatedTemplate? template = used.Select(u => u.Template).FirstOrDefault(t => t.Key == problem.Template);
            LocatedMetric? metric = template?.Metrics.FirstOrDefault(m => m.Metric.Name == problem.Metric);
            problems.Error(metric?.At(problem.Field) ?? analysis.Place, Shown.Sentence(problem.Message));
        }
    }

    /// <returns>False when there are too many metrics to look at.</returns>
    private bool CheckNames(List<(LocatedTemplate Template, Place Place)> used)
    {
        var owners = new Dictionary<string, LocatedTemplate>();
        foreach ((LocatedTemplate template, Place place) in used)
        {
            var own = new HashSet<string>();
            foreach (LocatedMetric metric in template.Metrics)
            {
                // A name that one template has twice is reported there.
                if (own.Add(metric.Metric.Name) && !owners.TryAdd(metric.Metric.Name, template))
                    problems.Error(place, $"two metrics have the same name '{Shown.Plain(metric.Metric.Name)}'");
            }
        }

        int metrics = used.Sum(u => u.Template.Metrics.Count);
        if (metrics <= TemplateFields.MostMetrics)
            return true;
        problems.Error(used[^1].Place, $"the templates of this step have {metrics} metrics together; at most {TemplateFields.MostMetrics} are allowed");
        return false;
    }

    private void CheckRules(LocatedAnalysis analysis, List<(LocatedTemplate Template, Place Place)> used)
    {
        LocatedRule[] rules = [.. analysis.DryRun, .. used.Select(u => u.Template).Distinct().SelectMany(t => t.DryRun)];
        var patterns = new HashSet<string>();
        foreach (LocatedRule rule in rules)
        {
            if (!patterns.Add(rule.MetricName))
                problems.Error(rule.Place, $"two Dry-Run metric rules have the same name '{Shown.Plain(rule.MetricName)}'");
        }

        CheckRules(rules, [.. used.SelectMany(u => u.Template.Metrics).Select(m => m.Metric.Name)]);
    }

    private void CheckRules(IReadOnlyList<LocatedRule> rules, IReadOnlyList<string> names)
    {
        foreach (LocatedRule rule in rules)
        {
            if (!names.Any(n => DryRunReader.Matches(rule.MetricName, n)))
                problems.Error(rule.Place, $"Rule didn't match any metric name(s); the metrics are {Shown.List(names.Select(Shown.Plain))}");
        }
    }
}
