using Rollouts.Manifests.Lint.PromQl;

namespace Rollouts.Manifests.Lint.Rules;

/// <summary>A rate over a window that often holds one sample, of which there is no rate.</summary>
internal sealed class WindowTooShort : ILintRule
{
    public string Name => "window-too-short";

    public string Summary => "a rate over less than two scrapes, which comes and goes";

    public IEnumerable<LintFinding> Check(LintedRelease release) =>
        from metric in release.Metrics.Where(m => m.Query is not null)
        from call in metric.Query!.All<CallNode>().Where(c => c.IsRate())
        from selector in call.Arguments.OfType<SelectorNode>()
        let window = selector.Window?.Length
        where window < 2 * metric.ScrapeInterval
        select new LintFinding(
            metric.Document,
            metric.Of(selector),
            $"looks back {GoDuration.Format(window.Value)}, but {call.Function} needs two scrapes and these are {GoDuration.Format(metric.ScrapeInterval)} apart; "
            + $"take four of them, [{GoDuration.Format(4 * metric.ScrapeInterval)}], or say how often is scraped by the annotation {LintAnnotations.Scrape}");
}
