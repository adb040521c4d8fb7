namespace Rollouts.Manifests.Lint.Rules;

/// <summary>Limits that Argo takes and that so few measurements can't exceed.</summary>
internal sealed class LimitAboveCount : ILintRule
{
    public string Name => "limit-above-count";

    public string Summary => "a limit that so few measurements can't exceed, or reach";

    public IEnumerable<LintFinding> Check(LintedRelease release) => release.Metrics.SelectMany(Check);

    private static IEnumerable<LintFinding> Check(LintedMetric metric)
    {
        if (!metric.TryNumber("count", out int? count))
            yield break;
        int measurements = count is > 0 ? count.Value : metric.Has("interval") ? int.MaxValue : 1;
        string takes = measurements == 1 ? "takes one measurement" : $"takes {measurements} measurements";
        string cure = measurements == 1 ? "set interval and count" : "set a higher count or a lower limit";
        LintFinding Warn(string field, string consequence) =>
            new(metric.Document, metric.Of(field), $"{takes}, so {field} {consequence}; {cure}");

        if (metric.TryNumber("failureLimit", out int? failures) && failures >= measurements)
            yield return Warn("failureLimit", $"{failures} can never be exceeded and the metric can't fail");
        if (metric.TryNumber("inconclusiveLimit", out int? inconclusive) && inconclusive >= measurements)
            yield return Warn("inconclusiveLimit", $"{inconclusive} can never be exceeded and an inconclusive metric passes");
        if (metric.TryNumber("consecutiveSuccessLimit", out int? successes) && successes > measurements)
            yield return Warn("consecutiveSuccessLimit", $"{successes} can never be reached and the metric can't succeed");
    }
}
