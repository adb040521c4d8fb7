using Rollouts.Analysis;
using Rollouts.Manifests.Documents;
using Rollouts.Manifests.Fields;

namespace Rollouts.Manifests.Kinds;

/// <summary>Reads an AnalysisTemplate or a ClusterAnalysisTemplate.</summary>
internal static class TemplateReader
{
    /// <summary>Null when the template has no name that it could be known by.</summary>
    public static LocatedTemplate? Read(ManifestDocument document, bool clusterScope, ProblemList problems)
    {
        FieldReader root = FieldReader.Open(new Element(document.Root, document.Place), TemplateFields.Document, problems)!;
        string? ns = null;
        string? name = null;
        if (root.Require("metadata", "holds the name") && root.Object("metadata", TemplateFields.Metadata) is { } metadata)
        {
            metadata.Require("name", "steps refer to the template by it");
            name = metadata.ObjectName("name");
            ns = metadata.LabelName("namespace");
            if (clusterScope && ns is not null)
                problems.Warning(metadata.At("namespace"), "has no meaning here: a ClusterAnalysisTemplate belongs to no namespace");
        }

        if (!root.Require("spec", "holds metrics") || root.Object("spec", TemplateFields.Spec) is not { } spec)
            return Build(document.Place, name, ns, clusterScope, [], [], []);
        return Build(document.Place, name, clusterScope ? null : ns, clusterScope, ReadArgs(spec), ReadMetrics(spec), DryRunReader.Read(spec, TemplateFields.DryRun));
    }

    private static LocatedTemplate? Build(
        Place place,
        string? name,
        string? ns,
        bool clusterScope,
        IReadOnlyList<LocatedArgument> args,
        IReadOnlyList<LocatedMetric> metrics,
        IReadOnlyList<LocatedRule> dryRun) =>
        name is null
            ? null
            : new LocatedTemplate(
                place,
                ns,
                new AnalysisTemplate
                {
                    Name = name,
                    ClusterScope = clusterScope,
                    Args = [.. args.Select(a => a.Argument)],
                    Metrics = [.. metrics.Select(m => m.Metric)],
                    DryRun = [.. dryRun.Select(r => r.MetricName)],
                },
                args,
                metrics,
                dryRun);

    private static List<LocatedArgument> ReadArgs(FieldReader spec)
    {
        var args = new List<LocatedArgument>();
        foreach (FieldReader reader in spec.Objects("args", TemplateFields.Argument))
        {
            // What is wrong with the value has been reported; the argument counts as one with a default all the same.
            string? value = reader.Text("value") ?? (reader.Has("value") || reader.HasReportedFields ? "" : null);
            if (!reader.Require("name", "the argument's name") || reader.Text("name") is not { } name)
                continue;
            if (args.Any(a => a.Argument.Name == name))
                spec.Problems.Error(reader.At("name"), $"declares {Shown.Text(name)} a second time; declare each argument once");
            else
                args.Add(new LocatedArgument(new TemplateArgument(name, value), reader.Place));
        }

        return args;
    }

    private static List<LocatedMetric> ReadMetrics(FieldReader spec)
    {
        if (spec.Given("metrics") is null or { Node: SequenceNode { Items.Count: 0 } })
            spec.Problems.Error(spec.At("metrics"), "no metrics specified");
        var metrics = new List<LocatedMetric>();
        foreach (FieldReader reader in spec.Objects("metrics", TemplateFields.Metric))
        {
            LocatedMetric metric = MetricReader.Read(reader);
            if (metric.Metric.Name.Length > 0 && metrics.Any(m => m.Metric.Name == metric.Metric.Name))
                spec.Problems.Error(metric.At("name"), $"duplicate name '{Shown.Plain(metric.Metric.Name)}'");
            metrics.Add(metric);
        }

        return metrics;
    }
}
