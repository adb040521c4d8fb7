using Rollouts.Manifests.Lint.PromQl;
using Rollouts.Steps;

namespace Rollouts.Manifests.Lint.Rules;

/// <summary>
/// An analysis that begins before its window has passed since the weight was set: it still measures what was before, and may pass the new weight
/// on the strength of the old one.
/// </summary>
internal sealed class PauseShorterThanWindow : ILintRule
{
    public string Name => "pause-shorter-than-window";

    public string Summary => "an analysis whose window reaches back to before the last change of weight";

    public IEnumerable<LintFinding> Check(LintedRelease release)
    {
        // How long the weight has stayed at least; null before the first one and once a person has been waited for.
        TimeSpan? settled = null;
        foreach (LintedStep step in release.Steps)
        {
            switch (step.Step)
            {
                case SetWeightStep:
                    settled = TimeSpan.Zero;
                    break;
                case PauseStep pause:
                    settled += pause.Duration;
                    break;
                case AnalysisStep when settled is { } time:
                    if (Shortest(step, time) is { } finding)
                        yield return finding with { Document = release.Rollout! };
                    settled += step.Metrics.Max(Lasts);
                    break;
            }
        }
    }

    private static LintFinding? Shortest(LintedStep step, TimeSpan settled)
    {
        var late = step.Metrics
            .Select(m => (Metric: m, Window: m.Query?.LongestWindow(), Delay: m.Duration("initialDelay") ?? TimeSpan.Zero))
            .Where(m => m.Window > settled + m.Delay)
            .OrderByDescending(m => m.Window - m.Delay)
            .ToArray();
        if (late.Length == 0)
            return null;
        (LintedMetric metric, TimeSpan? window, TimeSpan delay) = late[0];
        string after = settled + delay == TimeSpan.Zero ? "at once when" : $"{GoDuration.Format(settled + delay)} after";
        string cure = settled == TimeSpan.Zero ? "put a pause of that length between them" : "make the pause as long";
        return new LintFinding(
            step.Place,
            step.Place,
            $"metric {Shown.Plain(metric.Name)} looks back {GoDuration.Format(window!.Value)} but is measured {after} the weight is set, so it still sees what was before; "
            + $"{cure}, give the metric an initialDelay, or look back less");
    }

    private static TimeSpan? Lasts(LintedMetric metric) =>
        metric.TryNumber("count", out int? count) && count > 1 && metric.Duration("interval") is { } interval && interval < TimeSpan.FromDays(365)
            ? (count - 1) * interval
            : TimeSpan.Zero;
}
