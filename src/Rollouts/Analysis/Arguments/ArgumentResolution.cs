namespace Rollouts.Analysis.Arguments;

/// <summary>
/// Makes the metrics of an analysis from its templates and arguments. A value fills its place and nothing more: one that would change the shape
/// of a condition or of a query is refused.
/// </summary>
public static class ArgumentResolution
{
    /// <summary>Fills in the arguments and checks what can only be checked then.</summary>
    /// <param name="templates">The templates that the analysis names, in its order. Metrics come out in that order, those of cluster templates last, as in Argo.</param>
    /// <param name="args">The analysis' values. They win over a template's defaults; what no template declares is ignored.</param>
    /// <param name="stableHash">The pod-template hash of the stable version; null when it is not known, which is a problem only if an argument asks for it.</param>
    /// <param name="canaryHash">The same of the canary.</param>
    /// <param name="dryRun">The analysis' own dry-run rules; those of the templates are added.</param>
    /// <returns>The metrics, or null and every problem.</returns>
    public static (IReadOnlyList<Metric>? Metrics, IReadOnlyList<ArgumentProblem> Problems) Resolve(
        IReadOnlyList<AnalysisTemplate> templates,
        IReadOnlyList<AnalysisArgument> args,
        string? stableHash,
        string? canaryHash,
        IReadOnlyList<string> dryRun)
    {
        ArgumentNullException.ThrowIfNull(templates);
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(dryRun);
        var problems = new List<ArgumentProblem>();
        AnalysisTemplate[] ordered = [.. templates.OrderBy(t => t.ClusterScope)];
        IReadOnlyDictionary<string, string> values = ArgumentValues.Merge(ordered, args, stableHash, canaryHash, problems);
        if (problems.Count > 0)
        {
            return (null, problems);
        }

        var metrics = new List<Metric>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (AnalysisTemplate template in ordered)
        {
            foreach (MetricTemplate metric in template.Metrics)
            {
                Metric? read = MetricReading.Read(template, metric, values, problems);
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

        if (problems.Count > 0)
        {
            return (null, problems);
        }

        if (metrics.Count == 0)
        {
            problems.Add(new ArgumentProblem("", null, "templates", "no metrics specified"));
        }

        Metric[] marked = [.. metrics];
        DryRunRules.Apply(marked, "", dryRun, problems);
        foreach (AnalysisTemplate template in ordered)
        {
            DryRunRules.Apply(marked, ArgumentValues.KeyOf(template), template.DryRun, problems);
        }

        return problems.Count > 0 ? (null, problems) : (marked, problems);
    }
}
