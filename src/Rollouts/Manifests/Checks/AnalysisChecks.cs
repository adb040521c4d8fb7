using Rollouts.Analysis;
using Rollouts.Analysis.Arguments;
using Rollouts.Manifests.Fields;
using Rollouts.Manifests.Kinds;
using Rollouts.Policy;

namespace Rollouts.Manifests.Checks;

/// <summary>
/// Checks that the templates, arguments and rules of an analysis fit together, by Argo's rules and in its words
/// (<c>NewAnalysisRunFromTemplates</c> in <c>utils/analysis/helpers.go</c>).
/// </summary>
internal sealed class AnalysisChecks(IReadOnlyDictionary<string, LocatedTemplate> templates, RolloutFieldValues fields, RolloutPolicy policy, ProblemList problems)
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
        if (Gather(analysis, ns, reportMissing) is not { } used || !CheckNames(used))
            return;
        string[] declared = [.. used.SelectMany(u => u.Template.Args).Select(a => a.Argument.Name).Distinct()];
        AnalysisContext context = fields.Context(StandInHash, ns, policy);
        HashSet<string> broken = CheckFields(analysis, used);
        IReadOnlyDictionary<string, string> values = Merge(analysis, used, declared, context, broken);
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

        string[] content = [signature, .. analysis.Templates.Select(t => t.Reference.Key), "", .. analysis.DryRun.Concat(analysis.Retention).Select(r => r.MetricName)];
        if (!problems.HasErrors && resolved.Add(string.Join('\0', content)))
            Resolve(analysis, used, context);
    }

    /// <summary>The templates of an analysis with those that they nest, each with the reference that brought it; null when one is missing.</summary>
    private List<(LocatedTemplate Template, Place Place)>? Gather(LocatedAnalysis analysis, string ns, bool reportMissing)
    {
        var places = new Dictionary<string, Place>(StringComparer.Ordinal);
        bool isComplete = true;
        void Note(TemplateReference reference, Place place)
        {
            if (!places.TryAdd(reference.Key, place))
                return;
            if (templates.TryGetValue(reference.Key, out LocatedTemplate? template))
            {
                if (template.Namespace is { } other && other != ns)
                    problems.Error(place, $"{template.Title} is in namespace {other}, but the Rollout is in {ns}; an analysis uses templates of its own namespace");
                return;
            }

            isComplete = false;
            if (reportMissing)
                ReportMissing(reference, place);
        }

        foreach ((TemplateReference reference, Place place) in analysis.Templates)
            Note(reference, place);
        var used = new List<(LocatedTemplate Template, Place Place)>();
        foreach (LocatedTemplate template in TemplateNesting.Walk(
            analysis.Templates.Select(t => t.Reference), k => templates.GetValueOrDefault(k), t => t.Nested.Select(n => n.Reference)))
        {
            foreach ((TemplateReference reference, Place place) in template.Nested)
                Note(reference, place);
            used.Add((template, places[template.Key]));
        }

        return isComplete ? used : null;
    }

    /// <summary>Every field of the Rollout that an argument takes its value from has to be there.</summary>
    /// <returns>The arguments whose field is not.</returns>
    private HashSet<string> CheckFields(LocatedAnalysis analysis, List<(LocatedTemplate Template, Place Place)> used)
    {
        HashSet<string> given = [.. analysis.Args.Select(a => a.Argument.Name)];
        (string Name, string? Path, Place Place)[] sources =
        [
            .. analysis.Args.Select(a => (a.Argument.Name, a.Argument.FieldPath, a.Place)),
            .. used.SelectMany(u => u.Template.Args).Select(a => (a.Argument.Name, a.Argument.FieldPath, a.Place)).Where(a => !given.Contains(a.Name)),
        ];
        var broken = new HashSet<string>();
        foreach ((string name, string? path, Place place) in sources)
        {
            if (path is not null && fields.ProblemOf(path) is { } problem)
            {
                broken.Add(name);
                problems.Error(place, problem);
            }
        }

        return broken;
    }

    /// <summary>Checks a template that no step uses.</summary>
    public void CheckAlone(LocatedTemplate template)
    {
        string[] declared = [.. template.Args.Select(a => a.Argument.Name)];
        // Arguments without a default are for a step to fill.
        IReadOnlyDictionary<string, string> values = ArgumentValues.Merge([template.Template], [], new AnalysisContext(), []).Values;
        foreach (LocatedMetric metric in CheckMetrics(template, declared, values, ""))
            problems.Warning(metric.At("interval"), "runs indefinitely, so only background analysis can use it; a step needs a count");
        if (template.Nested.Count == 0)
            CheckRules([.. template.DryRun, .. template.Retention], [.. template.Metrics.Select(m => m.Metric.Name)]);
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
            : Spelling.Hint(reference.Name, names) + (names.Length == 0 ? "; put it into the same request, or where templates are looked for" : $"; given are {Shown.List(names)}");
        problems.Error(place, $"there is no {kind} {reference.Name} in the release{hint}");
    }

    private IReadOnlyDictionary<string, string> Merge(
        LocatedAnalysis analysis, List<(LocatedTemplate Template, Place Place)> used, string[] declared, AnalysisContext context, HashSet<string> broken)
    {
        var found = new List<ArgumentProblem>();
        (IReadOnlyDictionary<string, string> values, IReadOnlyDictionary<string, SecretReference> secrets) = ArgumentValues.Merge(
            used.Select(u => u.Template.Template).OrderBy(t => t.ClusterScope), [.. analysis.Args.Select(a => a.Argument)], context, found);
        foreach (ArgumentProblem problem in found.Where(p => !broken.Contains(p.Field["args.".Length..])))
        {
            string name = problem.Field["args.".Length..];
            bool isMissing = !values.ContainsKey(name) && !secrets.ContainsKey(name);
            Place place = isMissing || problem.Template.Length == 0
                ? analysis.Args.FirstOrDefault(a => a.Argument.Name == name && !isMissing).Place ?? analysis.Place
                : used.Last(u => u.Template.Key == problem.Template).Place;
            problems.Error(place, Shown.Sentence(problem.Message));
        }

        foreach ((AnalysisArgument argument, Place place) in analysis.Args.Where(a => !declared.Contains(a.Argument.Name)))
        {
            problems.Warning(
                place, $"no template of this analysis declares the argument {Shown.Text(argument.Name)}, so it has no effect{Spelling.Hint(argument.Name, declared)}");
        }

        return values;
    }

    // The machine makes its metrics by the same call, so that what it would refuse is refused before anything starts.
    private void Resolve(LocatedAnalysis analysis, List<(LocatedTemplate Template, Place Place)> used, AnalysisContext context)
    {
        (_, IReadOnlyList<ArgumentProblem> found) = ArgumentResolution.Resolve([.. used.Select(u => u.Template.Template)], analysis.Analysis, context);
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
        problems.Error(used[^1].Place, $"the templates of this analysis have {metrics} metrics together; at most {TemplateFields.MostMetrics} are allowed");
        return false;
    }

    private void CheckRules(LocatedAnalysis analysis, List<(LocatedTemplate Template, Place Place)> used)
    {
        string[] names = [.. used.SelectMany(u => u.Template.Metrics).Select(m => m.Metric.Name)];
        CheckRules("Dry-Run", [.. analysis.DryRun, .. used.SelectMany(u => u.Template.DryRun)], names);
        CheckRules("Measurement Retention", [.. analysis.Retention, .. used.SelectMany(u => u.Template.Retention)], names);
    }

    private void CheckRules(string title, IReadOnlyList<LocatedRule> rules, IReadOnlyList<string> names)
    {
        var patterns = new HashSet<string>();
        foreach (LocatedRule rule in rules)
        {
            if (!patterns.Add(rule.MetricName))
                problems.Error(rule.Place, $"two {title} metric rules have the same name '{Shown.Plain(rule.MetricName)}'");
        }

        CheckRules(rules, names);
    }

    private void CheckRules(IReadOnlyList<LocatedRule> rules, IReadOnlyList<string> names)
    {
        foreach (LocatedRule rule in rules)
        {
            if (!names.Any(n => MetricRuleReader.Matches(rule.MetricName, n)))
                problems.Error(rule.Place, $"Rule didn't match any metric name(s); the metrics are {Shown.List(names.Select(Shown.Plain))}");
        }
    }
}
