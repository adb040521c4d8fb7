using Rollouts.Policy;

namespace Rollouts.Manifests.Lint.Rules;

/// <summary>Only a success condition on a number: whatever is a little too much is a failure, and nobody is ever asked.</summary>
internal sealed class NoGreyZone : ILintRule
{
    public string Name => "no-grey-zone";

    public string Summary => "only a success condition, so that nothing lies between good and rolled back";

    public IEnumerable<LintFinding> Check(LintedRelease release)
    {
        if (release.Policy.Inconclusive.Action == UnclearAction.Abort)
            yield break;
        foreach (LintedMetric metric in release.Metrics.Where(m => !m.IsDryRun && m.Success is not null && !m.Has("failureCondition")))
        {
            if (Comparisons.In(metric.Success!).ToArray() is [var bound])
            {
                string beyond = bound.IsUpperBound ? ">" : "<";
                yield return new LintFinding(
                    metric.Document,
                    metric.Of("successCondition"),
                    $"makes every value that is not a success a failure, a slight excess too; give a failureCondition (result[0] {beyond} …) for what is clearly broken, and a person is asked about what lies between");
            }
        }
    }
}
