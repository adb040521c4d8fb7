using Rollouts.Steps;

namespace Rollouts.Manifests.Lint.Rules;

/// <summary>A weight below the one before it.</summary>
internal sealed class WeightGoesDown : ILintRule
{
    public string Name => "weight-goes-down";

    public string Summary => "a weight below the one before it";

    public IEnumerable<LintFinding> Check(LintedRelease release)
    {
        int weight = 0;
        foreach (LintedStep step in release.Steps)
        {
            if (step.Step is not SetWeightStep set)
                continue;
            if (set.Weight < weight)
            {
                yield return new LintFinding(
                    release.Rollout!,
                    step.Place,
                    $"takes the canary from {weight} back to {set.Weight}, so that users who have seen the new version get the old one again; put the weights in rising order");
            }

            weight = set.Weight;
        }
    }
}
