using Rollouts.Analysis;
using Rollouts.Engine;
using Rollouts.Http.Pages;
using Rollouts.Questions;

namespace Rollouts.Http.Dashboard;

/// <summary>Every metric of the analysis: its measurements against its limits.</summary>
internal static class MetricsView
{
    public static Html Of(RolloutStatus status) => Html.Of(
        $"""
        {Analysis("Analysis", "step", status.Analysis, QuestionEvidence.Of(status with { Background = null }))}
        {Analysis("Analysis beside the steps", "beside", status.Background, QuestionEvidence.Of(status with { Analysis = status.Background, Background = null }))}
        """);

    private static Html Analysis(string title, string key, AnalysisStatus? analysis, QuestionEvidence evidence) => analysis is null ? Html.None : Html.Of(
        $"""
        <h2>{title} {analysis.Run} <span class="{Css(analysis.Phase)}">{analysis.Phase.ToString()}</span></h2>
        {Html.When(analysis.Message is not null, $"<p class=\"message\">{analysis.Message}</p>")}
        {evidence.Metrics.Select((metric, index) => Metric(metric, analysis.Metrics.First(m => m.Name == metric.Name), $"{key}-{index}"))}
        """);

    private static Html Metric(MetricEvidence metric, MetricStatus status, string key) => Html.Of(
        $"""
        <section class="metric box" aria-labelledby="metric-{key}">
        <h3 id="metric-{key}">{metric.Name} <span class="{Css(metric.Phase)}">{metric.Phase.ToString()}</span>{Html.When(metric.DryRun, $" <span class=\"faint\">dry run</span>")}</h3>
        <p>Latest <b>{metric.Latest}</b>{Html.When(metric.LimitText.Length > 0, $"; {metric.LimitText}")}{Html.When(metric.Counts.Length > 0, $" <span class=\"faint\">({metric.Counts})</span>")}</p>
        {Html.When(status.Message is not null, $"<p class=\"message\">{status.Message}</p>")}
        {Chart(metric)}
        <details id="values-{key}"><summary>Measurements of {metric.Name}</summary>
        <div class="scroll" tabindex="0" role="region" aria-label="Measurements of {metric.Name}"><table>
        <thead><tr><th scope="col">Time</th><th scope="col">Value</th><th scope="col">Verdict</th><th scope="col">Note</th></tr></thead>
        <tbody>{status.Measurements.Reverse().Select(Row)}</tbody>
        </table></div></details>
        </section>
        """);

    private static Html Row(Measurement measurement) => Html.Of(
        $"""
        <tr><td>{measurement.FinishedAt.UtcDateTime:HH:mm:ss}</td><td>{measurement.Value ?? "none"}</td><td class="{Css(measurement.Phase)}">{measurement.Phase.ToString()}</td><td>{measurement.Message}</td></tr>
        """);

    private static Html Chart(MetricEvidence metric)
    {
        TrendPoint[] canary = [.. metric.Trend.Where(p => p.Value is not null)];
        if (canary.Length == 0)
        {
            return Html.None;
        }

        TrendPoint[] stable = [.. metric.Stable.Where(p => p.Value is not null)];
        double[] values = [.. canary.Concat(stable).Select(p => p.Value!.Value), .. metric.SuccessLimits.Concat(metric.FailureLimits).Select(l => l.Value)];
        double low = Math.Min(0, values.Min());
        double high = values.Max() > low ? values.Max() : low + 1;
        DateTimeOffset from = canary.Concat(stable).Min(p => p.At);
        DateTimeOffset to = canary.Concat(stable).Max(p => p.At);
        Plot plot = new(from, to, low, high);
        string says = $"{metric.Name}: {string.Join(", ", canary.Select(p => $"{TrendPoint.Show(p.Value!.Value)} {p.Phase}"))}; {metric.LimitText}";
        return Html.Of(
            $"""
            <figure class="chart">
            <div class="plot"><span class="top">{TrendPoint.Show(high)}</span><span class="bottom">{TrendPoint.Show(low)}</span>{Plot.Draw(
                says,
                [
                    .. metric.SuccessLimits.Select(l => plot.Level("good", l.Value)),
                    .. metric.FailureLimits.Select(l => plot.Level("bad", l.Value)),
                    plot.Line("stable", stable.Select(p => (p.At, p.Value!.Value))),
                    plot.Line("canary", canary.Select(p => (p.At, p.Value!.Value))),
                    .. canary.Select(p => plot.Dot(Css(p.Phase), p.At, p.Value!.Value)),
                ])}</div>
            <figcaption><span>{from.UtcDateTime:HH:mm:ss} UTC</span>{Html.When(stable.Length > 0, $" <span class=\"note\">dotted: the stable version</span>")} <span>{to.UtcDateTime:HH:mm:ss} UTC</span></figcaption>
            </figure>
            """);
    }

    private static string Css(MeasurementPhase phase) => phase switch
    {
        MeasurementPhase.Successful => "good",
        MeasurementPhase.Failed or MeasurementPhase.Error => "bad",
        MeasurementPhase.Inconclusive => "unclear",
        _ => "faint",
    };
}
