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
            return Build(document.Place, name, ns, clusterScope, [], [], [], [], []);
        (TemplateReference, Place)[] nested = [.. spec.Objects("templates", TemplateFields.Nested).SelectMany(AnalysisStepReader.ReadReference)];
        return Build(
            document.Place,
            name,
            clusterScope ? null : ns,
            clusterScope,
            ReadArgs(spec),
            ReadMetrics(spec),
            MetricRuleReader.ReadDryRun(spec, TemplateFields.DryRun),
            MetricRuleReader.ReadRetention(spec, TemplateFields.Retention),
            nested);
    }

    private static LocatedTemplate? Build(
        Place place,
        string? name,
        string? ns,
        bool clusterScope,
        IReadOnlyList<LocatedArgument> args,
        IReadOnlyList<LocatedMetric> metrics,
        IReadOnlyList<LocatedRule> dryRun,
        IReadOnlyList<LocatedRule> retention,
        IReadOnlyList<(TemplateReference Reference, Place Place)> nested) =>
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
                    Templates = [.. nested.Select(n => n.Reference)],
                    DryRun = [.. dryRun.Select(r => r.MetricName)],
                    MeasurementRetention = [.. retention.Select(r => new MeasurementRetention(r.MetricName, r.Limit))],
                },
                args,
                metrics,
                dryRun)
            {
                Retention = retention,
                Nested = nested,
            };

    private static List<LocatedArgument> ReadArgs(FieldReader spec)
    {
        var args = new List<LocatedArgument>();
        foreach (FieldReader reader in spec.Objects("args", TemplateFields.Argument))
        {
            // What is wrong with the value has been reported; the argument counts as one with a default all the same.
            string? value = reader.Text("value") ?? (reader.Has("value") || reader.HasReportedFields ? "" : null);
            (SecretReference? secret, string? field, bool isRead) = ReadSource(reader);
            value ??= isRead ? null : "";
            if (!reader.Require("name", "the argument's name") || reader.Text("name") is not { } name)
                continue;
            if (args.Any(a => a.Argument.Name == name))
                spec.Problems.Error(reader.At("name"), $"declares {Shown.Text(name)} a second time; declare each argument once");
            else
                args.Add(new LocatedArgument(new TemplateArgument(name, value) { Secret = secret, FieldPath = field }, reader.Place));
        }

        return args;
    }

    /// <returns>Not read: there is a source, and what is wrong with it has been reported.</returns>
    private static (SecretReference? Secret, string? Field, bool IsRead) ReadSource(FieldReader argument)
    {
        if (!argument.Has("valueFrom"))
            return (null, null, true);
        if (argument.Has("value"))
            argument.Problems.Error(argument.At("valueFrom"), "is given beside value; give one of the two");
        if (argument.Object("valueFrom", TemplateFields.ValueFrom) is not { } source)
            return (null, null, false);
        string[] given = [.. TemplateFields.ValueFrom.SupportedNames.Where(source.Has)];
        if (given.Length != 1)
        {
            if (!source.HasReportedFields)
                source.Problems.Error(source.Place, "must hold one of secretKeyRef and fieldRef");
            return (null, null, false);
        }

        if (given[0] == "fieldRef")
        {
            string? path = AnalysisStepReader.ReadFieldPath(source, TemplateFields.FieldRef);
            return (null, path, path is not null);
        }

        SecretReference? secret = ReadSecret(source);
        return (secret, null, secret is not null);
    }

    private static SecretReference? ReadSecret(FieldReader source)
    {
        if (source.Object("secretKeyRef", TemplateFields.SecretKey) is not { } reference)
            return null;
        string? name = reference.Require("name", "the Secret") ? reference.ObjectName("name") : null;
        string? key = reference.Require("key", "the key in the Secret") ? reference.Text("key") : null;
        return name is null || key is null ? null : new SecretReference(name, key);
    }

    private static List<LocatedMetric> ReadMetrics(FieldReader spec)
    {
        if (spec.Given("metrics") is null or { Node: SequenceNode { Items.Count: 0 } } && !spec.Has("templates"))
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
