using Rollouts.Manifests.Documents;
using Rollouts.Manifests.Fields;
using Rollouts.Steps;

namespace Rollouts.Manifests.Kinds;

/// <summary>Reads <c>strategy.canary.analysis</c>, the analysis beside the steps.</summary>
internal static class BackgroundReader
{
    public static LocatedBackground? Read(FieldReader canary)
    {
        if (canary.Object("analysis", BackgroundFields.Analysis) is not { } reader)
            return null;
        LocatedAnalysis analysis = AnalysisStepReader.ReadAnalysis(reader);
        int steps = canary.Given("steps") is { Node: SequenceNode { Items: var items } } ? items.Count : 0;
        int first = (int)(reader.Integer("startingStep", 0, int.MaxValue) ?? 0);
        if (first > steps)
            reader.Problems.Error(reader.At("startingStep"), $"is {first}, but there are {steps} steps, so the analysis would never begin; steps are counted from 0");
        return new LocatedBackground(new BackgroundAnalysis(analysis.Analysis, first), analysis);
    }
}
