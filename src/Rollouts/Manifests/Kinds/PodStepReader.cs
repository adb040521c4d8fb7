using Rollouts.Analysis;
using Rollouts.Manifests.Fields;
using Rollouts.Steps;
using Rollouts.Workloads;

namespace Rollouts.Manifests.Kinds;

/// <summary>Reads the steps that are about pods: <c>setCanaryScale</c> and <c>experiment</c>.</summary>
/// <param name="deploys">Whether the Rollout has pods of its own.</param>
/// <param name="selector">The labels that they are selected by; null when not known.</param>
/// <param name="greatestWeight">The weight at which the canary has all traffic.</param>
internal sealed class PodStepReader(bool deploys, IReadOnlyDictionary<string, string>? selector, int greatestWeight)
{
    private const int MostReplicas = 100_000;

    /// <summary>Null when something is wrong that has been reported.</summary>
    public SetCanaryScaleStep? ReadScale(FieldReader step)
    {
        if (!IsPossible(step, "setCanaryScale") || step.Object("setCanaryScale", StepFields.CanaryScale) is not { } scale)
            return null;
        string[] given = [.. StepFields.CanaryScale.SupportedNames.Where(scale.Has)];
        if (given.Length != 1)
        {
            scale.Problems.Error(
                scale.Place,
                $"{(given.Length == 0 ? "is empty" : $"has {string.Join(" and ", given)}")}; give exactly one of {Shown.List(StepFields.CanaryScale.SupportedNames)}");
            return null;
        }

        int? replicas = (int?)scale.Integer("replicas", 0, MostReplicas);
        int? weight = (int?)scale.Integer("weight", 0, greatestWeight);
        return given[0] switch
        {
            "replicas" => replicas is null ? null : new SetCanaryScaleStep(Replicas: replicas),
            "weight" => weight is null ? null : new SetCanaryScaleStep(Weight: weight),
            _ => scale.Flag("matchTrafficWeight") is null ? null : new SetCanaryScaleStep(),
        };
    }

    /// <summary>The step is null when something is wrong that has been reported.</summary>
    public LocatedStep ReadExperiment(FieldReader step, Place place)
    {
        var nothing = new LocatedStep(place, null);
        if (!IsPossible(step, "experiment") || step.Object("experiment", StepFields.Experiment) is not { } experiment)
            return nothing;
        experiment.Require("templates", "at least one side, as {name: NAME, specRef: canary}");
        ExperimentTemplate[] sides = [.. experiment.Objects("templates", StepFields.ExperimentTemplate).Select(ReadSide).OfType<ExperimentTemplate>()];
        ReportRepeated(experiment, "templates", sides.Select(s => s.Name));
        TimeSpan? duration = experiment.Duration("duration");
        IReadOnlyList<LocatedRule> dryRun = MetricRuleReader.ReadDryRun(experiment, StepFields.DryRun);
        (ExperimentAnalysis Analysis, LocatedAnalysis Located)[] analyses =
            [.. experiment.Objects("analyses", StepFields.ExperimentAnalysis).SelectMany(a => ReadAnalysis(a, dryRun))];
        ReportRepeated(experiment, "analyses", analyses.Select(a => a.Analysis.Name));
        if (duration is null && !experiment.Has("duration") && !analyses.Any(a => a.Analysis.Required))
        {
            experiment.Problems.Error(
                experiment.Place, "never ends; give a duration, or an analysis with requiredForCompletion: true");
        }

        return nothing with
        {
            Step = new ExperimentStep(sides, [.. analyses.Select(a => a.Analysis)], duration),
            Experiment = [.. analyses.Select(a => (a.Located, !a.Analysis.Required))],
        };
    }

    private bool IsPossible(FieldReader step, string field)
    {
        if (deploys)
            return true;
        step.Problems.Error(
            step.At(field), "needs template or workloadRef: without them both versions are deployed by somebody else, and their pods are not touched");
        return false;
    }

    private ExperimentTemplate? ReadSide(FieldReader side)
    {
        string? name = side.Require("name", "the side's name") ? side.LabelName("name") : null;
        WorkloadRole? from = side.Require("specRef", "canary or stable")
            ? side.Choice("specRef", [("canary", WorkloadRole.Canary), ("stable", WorkloadRole.Stable)])
            : null;
        int replicas = (int)(side.Integer("replicas", 1, MostReplicas) ?? 1);
        PodMetadata? metadata = null;
        if (side.Object("metadata", StepFields.ExperimentMetadata) is { } given)
        {
            metadata = new PodMetadata { Labels = given.Labels("labels"), Annotations = given.Annotations("annotations") };
            if (metadata.Labels.Keys.FirstOrDefault(k => selector?.ContainsKey(k) == true) is { } selected)
                given.Problems.Error(given.At("labels"), $"has {Shown.Plain(selected)}, which the selector names; pods would leave their Deployment");
        }

        return name is null || from is null ? null : new ExperimentTemplate(name, from.Value, replicas) { Metadata = metadata };
    }

    private static IEnumerable<(ExperimentAnalysis, LocatedAnalysis)> ReadAnalysis(FieldReader analysis, IReadOnlyList<LocatedRule> dryRun)
    {
        string? name = analysis.Require("name", "the analysis' name") ? analysis.Text("name") : null;
        (TemplateReference, Place)[] template = [.. AnalysisStepReader.ReadReference(analysis)];
        (AnalysisArgument Argument, Place Place)[] args = [.. AnalysisStepReader.ReadArguments(analysis)];
        foreach ((AnalysisArgument argument, Place place) in args)
        {
            if (argument.Value?.Contains("{{", StringComparison.Ordinal) == true)
                analysis.Problems.Error(place, "holds a placeholder of an experiment, which is not filled in; use valueFrom.podTemplateHashValue: Latest or Stable");
        }

        if (name is null || template.Length == 0)
            yield break;
        var step = new AnalysisStep([template[0].Item1], [.. args.Select(a => a.Argument)]) { DryRun = [.. dryRun.Select(r => r.MetricName)] };
        yield return (
            new ExperimentAnalysis(name, step, analysis.Flag("requiredForCompletion") ?? false),
            new LocatedAnalysis(analysis.Place, step, template, args, dryRun, []));
    }

    private static void ReportRepeated(FieldReader experiment, string field, IEnumerable<string> names)
    {
        foreach (string name in names.GroupBy(n => n).Where(g => g.Count() > 1).Select(g => g.Key))
            experiment.Problems.Error(experiment.At(field), $"names {Shown.Text(name)} a second time; give each a name of its own");
    }
}
