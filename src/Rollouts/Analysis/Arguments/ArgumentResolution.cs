using Rollouts.Policy;
using Rollouts.Steps;

namespace Rollouts.Analysis.Arguments;

/// <summary>
/// Makes the metrics of an analysis from its templates and arguments. A value fills its place and nothing more: one that would change the shape
/// of a condition or of a query is refused. Values of secrets are not among them; their places stay open until a measurement is taken.
/// </summary>
public static class ArgumentResolution
{
    /// <summary>Fills in the arguments and checks what can only be checked then.</summary>
    /// <param name="templates">The templates, those that others nest included. Metrics come out in that order, those of cluster templates last, as in Argo.</param>
    /// <param name="analysis">Its values win over a template's defaults, and what no template declares is ignored; its rules come before the templates'.</param>
    /// <param name="context">Where values come from that are no texts.</param>
    /// <returns>The metrics, or null and every problem.</returns>
    public static (IReadOnlyList<Metric>? Metrics, IReadOnlyList<ArgumentProblem> Problems) Resolve(
        IReadOnlyList<AnalysisTemplate> templates, AnalysisStep analysis, AnalysisContext context)
    {
        ArgumentNullException.ThrowIfNull(templates);
        ArgumentNullException.ThrowIfNull(analysis);
        ArgumentNullException.ThrowIfNull(context);
        var problems = new List<ArgumentProblem>();
        AnalysisTemplate[] ordered = [.. templates.OrderBy(t => t.ClusterScope)];
        MergedArguments args = ArgumentValues.Merge(ordered, analysis.Args, context, problems);
        if (problems.Count > 0)
        {
            return (null, problems);
        }

        Metric[] metrics = [.. Read(ordered, args, context, problems).Select(m => m with { Minimum = Minimum(m.Name, args, context, problems) })];
        if (problems.Count > 0)
        {
            return (null, problems);
        }

        if (metrics.Length == 0)
        {
            problems.Add(new ArgumentProblem("", null, "templates", "no metrics specified"));
        }

        ApplyRules(metrics, "", analysis.DryRun, analysis.MeasurementRetention, problems);
        foreach (AnalysisTemplate template in ordered)
        {
            ApplyRules(metrics, ArgumentValues.KeyOf(template), template.DryRun, template.MeasurementRetention, problems);
        }

        return problems.Count > 0 ? (null, problems) : (metrics, problems);
    }

    /// <summary>The same with nothing but texts and hashes.</summary>
    /// <param name="templates">The templates.</param>
    /// <param name="args">The analysis' values.</param>
    /// <param name="stableHash">See <see cref="AnalysisContext.StableHash"/>.</param>
    /// <param name="canaryHash">See <see cref="AnalysisContext.CanaryHash"/>.</param>
    /// <param name="dryRun">The analysis' own dry-run rules.</param>
    public static (IReadOnlyList<Metric>? Metrics, IReadOnlyList<ArgumentProblem> Problems) Resolve(
        IReadOnlyList<AnalysisTemplate> templates,
        IReadOnlyList<AnalysisArgument> args,
        string? stableHash,
        string? canaryHash,
        IReadOnlyList<string> dryRun) =>
        Resolve(templates, new AnalysisStep([], args) { DryRun = dryRun }, new AnalysisContext { StableHash = stableHash, CanaryHash = canaryHash });

    /// <summary>Fills in the arguments of a count of requests, which are those of an analysis.</summary>
    public static (RequestMinimum? Minimum, IReadOnlyList<ArgumentProblem> Problems) Resolve(
        RequestMinimum minimum, IReadOnlyList<AnalysisTemplate> templates, AnalysisStep analysis, AnalysisContext context)
    {
        ArgumentNullException.ThrowIfNull(minimum);
        var problems = new List<ArgumentProblem>();
        MergedArguments args = ArgumentValues.Merge(templates.OrderBy(t => t.ClusterScope), analysis.Args, context, problems);
        RequestMinimum? filled = problems.Count == 0 ? Fill("background.afterRequests", minimum, args, problems) : null;
        return (problems.Count == 0 ? filled : null, problems);
    }

    private static RequestMinimum? Minimum(string metric, MergedArguments args, AnalysisContext context, List<ArgumentProblem> problems)
    {
        MetricPolicy? own = context.Policy.Metrics.FirstOrDefault(m => m.Name == metric);
        return (own?.MinimumRequests ?? context.Policy.MinimumRequests) is { } minimum
            ? Fill(own?.MinimumRequests is null ? "minimumRequests" : $"metrics.{metric}.minimumRequests", minimum, args, problems)
            : null;
    }

    private static RequestMinimum? Fill(string field, RequestMinimum minimum, MergedArguments args, List<ArgumentProblem> problems) =>
        new MetricFilling("", field, args.Values, problems).Query($"{field}.query", minimum.Query.Query) is { } query
            ? minimum with { Query = minimum.Query with { Query = query } }
            : null;

    private static List<Metric> Read(AnalysisTemplate[] templates, MergedArguments args, AnalysisContext context, List<ArgumentProblem> problems)
    {
        var metrics = new List<Metric>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (AnalysisTemplate template in templates)
        {
            foreach (MetricTemplate metric in template.Metrics)
            {
                Metric? read = MetricReading.Read(template, metric, args, new(context.Namespace, context.Cluster), problems);
                string name = read?.Name ?? metric.Name;
                if (!names.Add(name))
                {
                    problems.Add(new ArgumentProblem(
                        ArgumentValues.KeyOf(template), metric.Name, "name", $"two metrics have the same name '{name}'"));
                }

                if (read is not null)
                {
                    metrics.Add(read);
                }
            }
        }

        return metrics;
    }

    private static void ApplyRules(
        Metric[] metrics,
        string owner,
        IReadOnlyList<string> dryRun,
        IReadOnlyList<MeasurementRetention> retention,
        List<ArgumentProblem> problems)
    {
        MetricNameRules.Apply(metrics, owner, "dryRun", dryRun, (_, metric) => metric with { DryRun = true }, problems);
        MetricNameRules.Apply(
            metrics,
            owner,
            "measurementRetention",
            [.. retention.Select(r => r.MetricName)],
            (rule, metric) => metric with { MeasurementsKept = retention[rule].Limit > 0 ? retention[rule].Limit : null },
            problems);
    }
}
