using Rollouts.Analysis;
using Rollouts.Manifests.Documents;
using Rollouts.Manifests.Fields;
using Rollouts.Steps;

namespace Rollouts.Manifests.Kinds;

/// <summary>Reads <c>analysis</c> steps. Whether templates, arguments and rules fit together is checked once all documents are read.</summary>
internal static class AnalysisStepReader
{
    public static LocatedStep Read(FieldReader step, Place place)
    {
        if (step.Object("analysis", StepFields.Analysis) is not { } analysis)
            return new LocatedStep(place, null);
        LocatedAnalysis located = ReadAnalysis(analysis);
        return new LocatedStep(place, located.Analysis, located);
    }

    /// <summary>Reads what every analysis has, wherever it stands.</summary>
    public static LocatedAnalysis ReadAnalysis(FieldReader analysis)
    {
        (TemplateReference, Place)[] templates = [.. analysis.Objects("templates", StepFields.TemplateReference).SelectMany(ReadReference)];
        if (analysis.Given("templates") is null or { Node: SequenceNode { Items.Count: 0 } })
            analysis.Problems.Error(analysis.At("templates"), "is required: at least one template, as templateName: NAME");
        (AnalysisArgument, Place)[] args = ReadArguments(analysis);
        IReadOnlyList<LocatedRule> rules = MetricRuleReader.ReadDryRun(analysis, StepFields.DryRun);
        IReadOnlyList<LocatedRule> retention = MetricRuleReader.ReadRetention(analysis, StepFields.Retention);
        return new LocatedAnalysis(
            analysis.Place,
            new AnalysisStep([.. templates.Select(t => t.Item1)], [.. args.Select(a => a.Item1)])
            {
                DryRun = [.. rules.Select(r => r.MetricName)],
                MeasurementRetention = [.. retention.Select(r => new MeasurementRetention(r.MetricName, r.Limit))],
            },
            templates,
            args,
            rules,
            retention);
    }

    public static (AnalysisArgument Argument, Place Place)[] ReadArguments(FieldReader analysis)
    {
        (AnalysisArgument, Place)[] args = [.. analysis.Objects("args", StepFields.Argument).SelectMany(ReadArgument)];
        var names = new HashSet<string>();
        foreach ((AnalysisArgument argument, Place at) in args)
        {
            if (!names.Add(argument.Name))
                analysis.Problems.Error(at, $"gives {Shown.Text(argument.Name)} a second time; give each argument once");
        }

        return args;
    }

    public static IEnumerable<(TemplateReference, Place)> ReadReference(FieldReader reader)
    {
        bool cluster = reader.Flag("clusterScope") ?? false;
        if (reader.Require("templateName", "the name of a template in the release") && reader.ObjectName("templateName") is { } name)
            yield return (new TemplateReference(name, cluster), reader.At("templateName"));
    }

    private static IEnumerable<(AnalysisArgument, Place)> ReadArgument(FieldReader reader)
    {
        string? name = reader.Require("name", "the argument's name") ? reader.Text("name") : null;
        string? value = reader.Text("value");
        PodTemplateHash? hash = null;
        string? field = null;
        if (reader.Has("value") && reader.Has("valueFrom"))
            reader.Problems.Error(reader.At("valueFrom"), "is given beside value; give one of the two");
        else if (reader.Has("valueFrom"))
            (hash, field) = ReadSource(reader);
        else if (!reader.Has("value"))
            reader.Problems.Error(reader.Place, "has no value; give value, valueFrom.podTemplateHashValue or valueFrom.fieldRef");
        // What is wrong with the value has been reported; the argument counts as given all the same.
        if (name is not null)
            yield return (new AnalysisArgument(name, value ?? (hash is null && field is null ? "" : null), hash) { FieldPath = field }, reader.Place);
    }

    private static (PodTemplateHash? Hash, string? Field) ReadSource(FieldReader reader)
    {
        if (reader.Object("valueFrom", StepFields.ValueFrom) is not { } source)
            return (null, null);
        if (!source.Has("fieldRef"))
            return (ReadHash(source), null);
        if (source.Has("podTemplateHashValue"))
            source.Problems.Error(source.At("fieldRef"), "is given beside podTemplateHashValue; give one of the two");
        return (null, ReadFieldPath(source, StepFields.FieldRef));
    }

    /// <summary>The path of a <c>fieldRef</c>. What is wrong with it shows once the Rollout is read.</summary>
    public static string? ReadFieldPath(FieldReader source, FieldSet fields) =>
        source.Object("fieldRef", fields) is { } reference && reference.Require("fieldPath", "the path of a field of the Rollout")
            ? reference.Text("fieldPath")
            : null;

    private static PodTemplateHash? ReadHash(FieldReader source)
    {
        if (source.Scalar("podTemplateHashValue", "Stable or Latest") is not { } which)
        {
            if (!source.Has("podTemplateHashValue") && !source.HasReportedFields)
                source.Problems.Error(source.Place, "is empty; it holds podTemplateHashValue: Stable or Latest, or fieldRef");
            return null;
        }

        switch (which)
        {
            case { Kind: ScalarKind.Text, Text: "Stable" }:
                return PodTemplateHash.Stable;
            case { Kind: ScalarKind.Text, Text: "Latest" }:
                return PodTemplateHash.Latest;
            default:
                source.Problems.Error(source.At("podTemplateHashValue"), $"must be Stable or Latest; found {which.Description}");
                return null;
        }
    }
}
