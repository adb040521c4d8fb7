using Rollouts.Steps;

namespace Rollouts.Manifests.Lint.Rules;

/// <summary>A last step that sets a weight below full: it is over at once, and the canary gets all traffic.</summary>
internal sealed class LastStepBelowFull : ILintRule
{
    public string Name => "last-step-below-full";

    public string Summary => "a weight below 100 as the last step, which nothing waits for";

    public IEnumerable<LintFinding> Check(LintedRelease release) =>
        release.Steps is [.., { Step: SetWeightStep { Weight: var weight } } last] && weight > 0 && weight < release.FullWeight
            ? [new LintFinding(
                release.Rollout!,
                last.Place,
                $"is the last step and sets {weight}, but after the last step the canary has all traffic at once, so this weight lasts no time; put a pause or an analysis after it, or take it out")]
            : [];
}
