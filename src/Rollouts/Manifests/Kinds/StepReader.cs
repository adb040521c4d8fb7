using Rollouts.Manifests.Fields;
using Rollouts.Steps;
using Rollouts.Traffic;

namespace Rollouts.Manifests.Kinds;

/// <summary>Reads a canary's steps.</summary>
internal static class StepReader
{
    /// <param name="canary">Holds the steps.</param>
    /// <param name="target">Where traffic is shifted; null when it could not be read.</param>
    /// <param name="deploys">Whether the Rollout has pods of its own.</param>
    /// <param name="selector">The labels that they are selected by; null when not known.</param>
    public static IReadOnlyList<LocatedStep> ReadAll(
        FieldReader canary, TrafficTarget? target, bool deploys, IReadOnlyDictionary<string, string>? selector)
    {
        var routes = new RouteStepReader(canary, target);
        var pods = new PodStepReader(deploys, selector, target?.MaxWeight ?? 100);
        return [.. canary.List("steps", StepFields.MostSteps).Select(item => Read(item, target?.MaxWeight ?? 100, routes, pods, canary.Problems))];
    }

    private static LocatedStep Read(Element item, int greatestWeight, RouteStepReader routes, PodStepReader pods, ProblemList problems)
    {
        var nothing = new LocatedStep(item.Place, null);
        if (FieldReader.Open(item, StepFields.Step, problems) is not { } step)
            return nothing;
        string[] actions = [.. StepFields.Step.SupportedNames.Where(step.Has)];
        switch (actions)
        {
            case ["setWeight"]:
                return step.Integer("setWeight", 0, greatestWeight) is { } weight ? nothing with { Step = new SetWeightStep((int)weight) } : nothing;
            case ["pause"]:
                return ReadPause(step) is { } pause ? nothing with { Step = pause } : nothing;
            case ["analysis"]:
                return AnalysisStepReader.Read(step, item.Place);
            case ["setHeaderRoute"]:
                return routes.ReadHeaderRoute(step) is { } route ? nothing with { Step = route } : nothing;
            case ["setMirrorRoute"]:
                return routes.ReadMirrorRoute(step) is { } mirror ? nothing with { Step = mirror } : nothing;
            case ["setCanaryScale"]:
                return pods.ReadScale(step) is { } scale ? nothing with { Step = scale } : nothing;
            case ["experiment"]:
                return pods.ReadExperiment(step, item.Place);
            case []:
                ReportNoAction(item, step);
                return nothing;
            default:
                problems.Error(item.Place, $"has {string.Join(" and ", actions)}; a step has one action, so make it {actions.Length} steps");
                return nothing;
        }
    }

    private static PauseStep? ReadPause(FieldReader step)
    {
        if (step.Object("pause", StepFields.Pause) is not { } pause)
            return null;
        if (!pause.Has("duration"))
            return new PauseStep(null);
        return pause.Duration("duration") is { } duration ? new PauseStep(duration) : null;
    }

    private static void ReportNoAction(Element item, FieldReader step)
    {
        if (step.IsNull("pause"))
            step.Problems.Error(step.At("pause"), "is empty; write {} to wait for a person, or {duration: 5m}");
        else if (StepFields.Step.SupportedNames.FirstOrDefault(step.IsNull) is { } empty)
            step.Problems.Error(step.At(empty), "is empty; give it a value");
        else if (!step.HasReportedFields)
            step.Problems.Error(item.Place, $"has no action; it must have one of {Shown.List(StepFields.Step.SupportedNames)}");
    }
}
