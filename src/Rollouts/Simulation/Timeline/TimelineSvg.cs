using System.Globalization;
using System.Xml.Linq;
using Rollouts.Analysis;
using Rollouts.Journal;
using Rollouts.Machine;

namespace Rollouts.Simulation.Timeline;

/// <summary>Draws how a simulated rollout went, as SVG: light or dark as its reader has it, with a title and a description for who can't see it.</summary>
public static class TimelineSvg
{
    private const double Width = 1080;
    private const double Left = 160;
    private const double Right = Width - 24;
    // What comes after the last event: the phase that it ended in.
    private const double Tail = 40;
    private const double HeaderHeight = 62;
    private const double AxisHeight = 30;
    private const double LegendHeight = 34;

    // A time as it stands below the axis, and a blank.
    private const double TickRoom = 64;

    private const string Style = """
        svg{--ink:#1f2328;--dim:#59636e;--paper:#ffffff;--grid:#d1d9e0;--weight:#0969da;--good:#1a7f37;--bad:#cf222e;--unclear:#9a6700;--error:#59636e;
        --progressing:#ddf4ff;--paused:#fff8c5;--degraded:#ffebe9;--healthy:#dafbe1;--digit:#ffffff;--span:#b6d4f5}
        @media (prefers-color-scheme:dark){svg{--ink:#f0f6fc;--dim:#9198a1;--paper:#0d1117;--grid:#3d444d;--weight:#4493f8;--good:#3fb950;--bad:#f85149;
        --unclear:#d29922;--error:#9198a1;--progressing:#121d2f;--paused:#272115;--degraded:#25171c;--healthy:#12261e;--digit:#0d1117;--span:#264a75}}
        text{font:12px system-ui,-apple-system,"Segoe UI",sans-serif;fill:var(--ink)}
        .paper{fill:var(--paper)}.title{font-size:16px;font-weight:600}.label{fill:var(--dim)}.end{text-anchor:end}.middle{text-anchor:middle}
        .value{font-weight:600;fill:var(--weight)}.grid{stroke:var(--grid)}.weight{fill:none;stroke:var(--weight);stroke-width:2}
        .area{fill:var(--weight);opacity:.12}.good{fill:var(--good)}.bad{fill:none;stroke:var(--bad);stroke-width:2.5}.unclear{fill:var(--unclear)}
        .error{fill:none;stroke:var(--error);stroke-width:2}.phase-progressing{fill:var(--progressing)}.phase-paused{fill:var(--paused)}
        .phase-degraded{fill:var(--degraded)}.phase-healthy{fill:var(--healthy)}.event{stroke-dasharray:3 3}line.asks{stroke:var(--unclear)}
        line.fails{stroke:var(--bad)}line.decides{stroke:var(--weight)}circle.asks{fill:var(--unclear)}circle.fails{fill:var(--bad)}
        circle.decides{fill:var(--weight)}.digit{font-size:10px;font-weight:600;fill:var(--digit);text-anchor:middle}.break{fill:none;stroke:var(--dim)}
        .span{fill:var(--span)}.inside{font-size:11px}
        """;

    /// <summary>The drawing, a whole document.</summary>
    /// <param name="result">What happened.</param>
    /// <param name="name">What was rolled out, for the title.</param>
    public static string Draw(SimulationResult result, string name)
    {
        ArgumentNullException.ThrowIfNull(result);
        double last = Moments(result).Append(result.DurationSeconds).Max();
        var time = new TimeScale(Moments(result), last, Left, Right - Left - Tail);
        var events = new EventMarks(result, time);
        double lanes = HeaderHeight + 18;
        double plot = lanes + (events.Lanes * EventMarks.LaneHeight) + 8;
        double spans = plot + WeightPlot.Height + 10;
        double rows = spans + (SpanRows.Count(result) * SpanRows.RowHeight);
        double bottom = rows + (result.Measurements.Select(m => m.Metric).Distinct().Count() * MetricRows.RowHeight);
        double legend = bottom + AxisHeight;
        double list = legend + LegendHeight;
        double height = list + events.ListHeight + 12;

        string title = $"{name}: {result.Outcome?.ToString() ?? "not ended"} after {GoDuration.Format(TimeSpan.FromSeconds(Math.Round(result.DurationSeconds, 3)))}";
        XElement svg = Svg.Element("svg", "", ("viewBox", $"0 0 {Svg.Number(Width)} {Svg.Number(height)}"), ("width", Width), ("height", height), ("role", "img"), ("aria-labelledby", "title description"));
        svg.Add(
            Svg.Content("title", "title", title),
            Svg.Content("desc", "description", Describe(result)),
            new XElement(Svg.Namespace + "style", Style),
            Svg.Rectangle("paper", 0, 0, Width, height),
            Svg.Text("title", 16, 28, title),
            Svg.Text("label", 16, 48, Svg.Short($"{Share(result)}{result.Message}", 165)),
            WeightPlot.DrawPhases(result, time, Right, plot, bottom - plot),
            WeightPlot.Draw(result, time, Left, Right, plot),
            SpanRows.Draw(result, time, Left, Right, spans),
            MetricRows.Draw(result, time, Left, Right, rows),
            Axis(time, bottom),
            events.DrawLines(lanes, plot, bottom),
            Legend(legend + 18),
            events.DrawList(16, list + 12));
        return svg.ToString();
    }

    // Measuring goes on while a question is open; that alone does not make a day worth its width.
    private static IEnumerable<double> Moments(SimulationResult result) =>
        result.Events.Where(e => e.Type is not (EventType.Measured or EventType.AnalysisRunRunning or EventType.AnalysisRunSuccessful or EventType.AnalysisRunInconclusive))
            .Select(e => e.At).Concat(result.Weights.Select(w => w.At)).Concat(result.Spans.SelectMany(s => new[] { s.From, s.To ?? s.From }));

    private static string Share(SimulationResult result) =>
        $"The canary got {(result.CanaryShare * 100).ToString("0.#", CultureInfo.InvariantCulture)} % of the requests"
        + (result.CanaryRequests is { } requests ? $" ({requests.ToString(CultureInfo.InvariantCulture)})" : "") + ". ";

    private static string Describe(SimulationResult result) =>
        $"The canary's weight over time: {string.Join(", ", result.Weights.Select(w => $"{w.Weight} at {GoDuration.Format(TimeSpan.FromSeconds(w.At))}"))}. "
        + string.Concat(result.Spans.Select(s => $"{SpanRows.Describe(s)}. "))
        + $"{string.Join(" ", result.Measurements.GroupBy(m => m.Metric).Select(m => $"{m.Key}: {string.Join(", ", m.GroupBy(x => x.Phase).Select(p => $"{p.Count()} {p.Key}"))}."))} "
        + $"{result.Message}";

    private static IEnumerable<XElement> Axis(TimeScale time, double top)
    {
        yield return Svg.Line("grid", Left, top, Right, top);
        double? middle = time.Break is { } at ? (time.At(at.From) + time.At(at.To)) / 2 : null;
        foreach (double tick in time.Ticks(apart: TickRoom).Where(t => middle is not { } taken || Math.Abs(time.At(t) - taken) >= TickRoom))
        {
            yield return Svg.Line("grid", time.At(tick), top, time.At(tick), top + 5);
            yield return Svg.Text("label middle", time.At(tick), top + 18, GoDuration.Format(TimeSpan.FromSeconds(tick)));
        }

        if (time.Break is { } gap && middle is { } x)
        {
            TimeSpan length = TimeSpan.FromSeconds(Math.Round(gap.To - gap.From));
            yield return Svg.Path("break", $"M{Svg.Number(x - 8)} {Svg.Number(top + 5)}l5 -10m6 10l5 -10").Titled($"{GoDuration.Format(length)} in which nothing is decided are drawn shorter");
            length = length > TimeSpan.FromHours(1) ? TimeSpan.FromMinutes(Math.Round(length.TotalMinutes)) : length;
            yield return Svg.Text("label middle", x, top + 18, $"({GoDuration.Format(length)})");
        }
    }

    private static IEnumerable<XElement> Legend(double y)
    {
        const double LetterWidth = 6.5;
        double x = Left;
        foreach (MeasurementPhase phase in new[] { MeasurementPhase.Successful, MeasurementPhase.Failed, MeasurementPhase.Inconclusive, MeasurementPhase.Error })
        {
            yield return MetricRows.Mark(phase, x + 6, y - 4);
            yield return Svg.Text("label", x + 16, y, phase.ToString());
            x += 36 + (phase.ToString().Length * LetterWidth);
        }

        x += 20;
        foreach (RolloutPhase phase in Enum.GetValues<RolloutPhase>())
        {
            yield return Svg.Rectangle(WeightPlot.Style(phase), x, y - 11, 14, 14);
            yield return Svg.Text("label", x + 20, y, phase.ToString());
            x += 40 + (phase.ToString().Length * LetterWidth);
        }
    }
}
