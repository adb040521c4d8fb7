using Rollouts.Analysis;
using Rollouts.Manifests.Fields;
using Rollouts.Manifests.Kinds;

namespace Rollouts.Manifests.Checks;

/// <summary>
/// Checks that the templates, arguments and rules of an analysis fit together, by Argo's rules and in its words
/// (<c>NewAnalysisRunFromTemplates</c> in <c>utils/analysis/helpers.go</c>).
/// </summary>
internal static class AnalysisChecks
{
    // Stands for a hash that the cluster is asked for later.
    private const string StandInHash = "0123456789";

    /// <summary>Checks an analysis step.</summary>
    /// <param name="analysis">The step.</param>
    /// <param name="ns">The rollout's namespace.</param>
    /// <param name="templates">All templates, by key.</param>
    /// <param name="reportMissing">False when a document could not be read, which may hold what is missing.</param>
    /// <param name="problems">Gets what is wrong.</param>
    public static void CheckStep(
        LocatedAnalysis analysis,
        string ns,
        IReadOnlyDictionary<string, LocatedTemplate> templates,
        bool reportMissing,
        ProblemList problems)
    {
        var used = new List<(LocatedTemplate Template, Place Place)>();
        foreach ((TemplateReference reference, Place place) in analysis.Templates)
        {
            if (templates.TryGetValue(reference.Key, out LocatedTemplate? template))
                used.Add((template, place));
            else if (reportMissing)
                ReportMissing(reference, place, templates, problems);
            if (template is { Namespace: { } other } && other != ns)
                problems.Error(place, $"{template.Title} is in namespace {other}, but the Rollout is in {ns}; a step uses templates of its own namespace");
        }

        if (used.Count < analysis.Templates.Count)
            return;
        Dictionary<string, string?> args = Merge(analysis, used, problems);
        CheckNames(used, problems);
        CheckRules(analysis, used, problems);
        foreach ((LocatedTemplate template, Place place) in used)
        {
            foreach (LocatedMetric metric in template.Metrics)
            {
                if (MetricChecks.Check(metric, args, problems))
                {
                    problems.Error(
                        place,
                        $"AnalysisTemplate {template.Template.Name} has metric {Shown.Plain(metric.Metric.Name)} which runs indefinitely. "
                        + $"Invalid value for count: {metric.Metric.Count ?? "<nil>"}; give the metric a count");
                }
            }
        }
    }

    /// <summary>Checks a template that no step uses.</summary>
    public static void CheckAlone(LocatedTemplate template, ProblemList problems)
    {
        Dictionary<string, string?> args = [];
        foreach (LocatedArgument argument in template.Args)
            args.TryAdd(argument.Argument.Name, argument.Argument.Value);
        foreach (LocatedMetric metric in template.Metrics)
        {
            if (MetricChecks.Check(metric, args, problems))
                problems.Warning(metric.At("interval"), "runs indefinitely, so no analysis step can use it; give the metric a count");
        }

        CheckRules(template.DryRun, [.. template.Metrics.Select(m => m.Metric.Name)], problems);
    }

    private static void ReportMissing(
        TemplateReference reference, Place place, IReadOnlyDictionary<string, LocatedTemplate> templates, ProblemList problems)
    {
        var other = new TemplateReference(reference.Name, !reference.ClusterScope);
        string kind = reference.ClusterScope ? DocumentKind.ClusterAnalysisTemplate : DocumentKind.AnalysisTemplate;
        string[] names = [.. templates.Values.Where(t => t.Template.ClusterScope == reference.ClusterScope).Select(t => t.Template.Name)];
        string hint = templates.ContainsKey(other.Key)
            ? $"; there is a {(other.ClusterScope ? "ClusterAnalysisTemplate" : "AnalysisTemplate")} of this name, so write clusterScope: {(other.ClusterScope ? "true" : "false")}"
            : Spelling.Hint(reference.Name, names) + (names.Length == 0 ? "; put it into the same request" : $"; given are {Shown.List(names)}");
        problems.Error(place, $"there is no {kind} {reference.Name} in the release{hint}");
    }

    private static Dictionary<string, string?> Merge(LocatedAnalysis analysis, List<(LocatedTemplate Template, Place Place)> used, ProblemList problems)
    {
        var args = new Dictionary<string, string?>();
        foreach ((LocatedTemplate template, Place place) in used)
        {
            foreach (TemplateArgument argument in template.Template.Args)
            {
                string? before = args.GetValueOrDefault(argument.Name);
                if (before is not null && argument.Value is not null && before != argument.Value)
                {
                    problems.Error(
                        place,
                        $"Argument `{Shown.Plain(argument.Name)}` specified multiple times with different values: '{Shown.Plain(before)}', '{Shown.Plain(argument.Value)}'");
                }

                args[argument.Name] = before ?? argument.Value;
            }
        }

        foreach ((AnalysisArgument argument, Place place) in analysis.Args)
        {
            if (args.ContainsKey(argument.Name))
                args[argument.Name] = argument.Value ?? StandInHash;
            else
                problems.Warning(place, $"no template of this step declares the argument {Shown.Text(argument.Name)}, so it has no effect{Spelling.Hint(argument.Name, args.Keys)}");
        }

        foreach (string name in args.Where(a => a.Value is null).Select(a => a.Key))
            problems.Error(analysis.Place, $"args.{Shown.Plain(name)} was not resolved; give it a value under args, or a default in the template");
        return args;
    }

    private static void CheckNames(List<(LocatedTemplate Template, Place Place)> used, ProblemList problems)
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
        if (metrics > TemplateFields.MostMetrics)
            problems.Error(used[^1].Place, $"the templates of this step have {metrics} metrics together; at most {TemplateFields.MostMetrics} are allowed");
    }

    private static void CheckRules(LocatedAnalysis analysis, List<(LocatedTemplate Template, Place Place)> used, ProblemList problems)
    {
        LocatedRule[] rules = [.. analysis.DryRun, .. used.Select(u => u.Template).Distinct().SelectMany(t => t.DryRun)];
        var patterns = new HashSet<string>();
        foreach (LocatedRule rule in rules)
        {
            if (!patterns.Add(rule.MetricName))
                problems.Error(rule.Place, $"two Dry-Run metric rules have the same name '{Shown.Plain(rule.MetricName)}'");
        }

        CheckRules(rules, [.. used.SelectMany(u => u.Template.Metrics).Select(m => m.Metric.Name)], problems);
    }

    private static void CheckRules(IReadOnlyList<LocatedRule> rules, IReadOnlyList<string> names, ProblemList problems)
    {
        foreach (LocatedRule rule in rules)
        {
            if (!names.Any(n => DryRunRules.Matches(rule.MetricName, n)))
                problems.Error(rule.Place, $"Rule didn't match any metric name(s); the metrics are {Shown.List(names.Select(Shown.Plain))}");
        }
    }
}
