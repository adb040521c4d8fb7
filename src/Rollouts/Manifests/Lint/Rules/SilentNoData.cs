using Rollouts.Analysis.Expressions;
using Rollouts.Manifests.Lint.PromQl;
using Rollouts.Policy;

namespace Rollouts.Manifests.Lint.Rules;

/// <summary>
/// What no data comes to where the policy leaves it to the conditions, as Argo does: an empty vector errs and is rolled back after a minute, and NaN is
/// no failure.
/// </summary>
internal sealed class SilentNoData : ILintRule
{
    public string Name => "no-data-as-argo";

    public string Summary => "with `compatibility: argo`, no traffic that rolls back (empty vector) or passes (NaN)";

    public IEnumerable<LintFinding> Check(LintedRelease release)
    {
        if (release.Rollout is null || release.Policy.NoData.Action != UnclearAction.Abort)
            yield break;
        foreach (LintedMetric metric in release.Metrics.Where(m => !m.IsDryRun && m.Query is { IsScalar: false } && m.Query is not BinaryNode { Operator: "or" }))
        {
            (Condition Condition, Place Place)[] given = [.. metric.Conditions];
            if (given.Length == 0 || given.Any(g => g.Condition.Functions.Overlaps(["len", "isNaN", "isNil", "any", "all", "none", "one", "count"])))
                continue;
            string consequence = metric.Success is null
                ? "passes when it is NaN (a ratio without traffic), and errs when it is empty: five errors in a row roll back"
                : "errs when it is empty, and five errors in a row roll back";
            yield return new LintFinding(
                metric.Document,
                given[0].Place,
                $"has no word for a query without data, which {consequence}; write len(result) == 0 || …, or let the policy's noData decide");
        }
    }
}
