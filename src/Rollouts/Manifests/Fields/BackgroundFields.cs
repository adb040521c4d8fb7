using static Rollouts.Manifests.Fields.KnownField;

namespace Rollouts.Manifests.Fields;

/// <summary>The fields of background analysis; what stands below them is as in an analysis step.</summary>
internal static class BackgroundFields
{
    public static FieldSet Analysis { get; } = new("Rollout", "spec.strategy.canary.analysis",
    [
        .. StepFields.Analysis.Fields,
        Supported("startingStep", "the index of the step with which it begins, from 0; default 0"),
    ]);
}
