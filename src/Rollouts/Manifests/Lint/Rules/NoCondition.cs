namespace Rollouts.Manifests.Lint.Rules;

/// <summary>A metric that nothing is asked of.</summary>
internal sealed class NoCondition : ILintRule
{
    public string Name => "no-condition";

    public string Summary => "a metric without any condition, which always succeeds";

    public IEnumerable<LintFinding> Check(LintedRelease release) =>
        release.Metrics
            .Where(m => !m.Has("successCondition") && !m.Has("failureCondition"))
            .Select(m => new LintFinding(
                m.Document, m.Place, "has neither successCondition nor failureCondition, so every measurement succeeds, as in Argo; give it one, or both"));
}
