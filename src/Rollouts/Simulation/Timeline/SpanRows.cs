using System.Xml.Linq;

namespace Rollouts.Simulation.Timeline;

/// <summary>A row for each thing that is so for a while, with a bar for each span of it.</summary>
internal static class SpanRows
{
    public const double RowHeight = 20;

    private const double BarHeight = 12;
    private const int MostLetters = 22;
    private const double LetterWidth = 6.2;

    public static int Count(SimulationResult result) => result.Spans.DistinctBy(s => s.Name).Count();

    public static IEnumerable<XElement> Draw(SimulationResult result, TimeScale time, double left, double right, double top)
    {
        double y = top;
        foreach (IGrouping<string, SimulatedSpan> row in result.Spans.GroupBy(s => s.Name))
        {
            yield return Svg.Text("label end", left - 8, y + (RowHeight / 2) + 4, Svg.Short(row.Key, MostLetters)).Titled(row.Key);
            foreach (SimulatedSpan span in row)
            {
                double from = time.At(span.From);
                // A gap tells a bar from the next one of its row.
                double width = Math.Max(2, (span.To is { } to ? time.At(to) : right) - from - 1.5);
                yield return Svg.Rectangle("span", from, y + ((RowHeight - BarHeight) / 2), width, BarHeight).Titled(Describe(span));
                int letters = (int)((width - 8) / LetterWidth);
                if (span.Text.Length > 0 && letters >= Math.Min(3, span.Text.Length))
                    yield return Svg.Text("inside", from + 4, y + (RowHeight / 2) + 4, Svg.Short(span.Text, letters));
            }

            y += RowHeight;
        }
    }

    public static string Describe(SimulatedSpan span) =>
        $"{span.Name}{(span.Text.Length > 0 ? $": {span.Text}" : "")}, {Time(span.From)} to {(span.To is { } to ? Time(to) : "the end")}";

    private static string Time(double seconds) => GoDuration.Format(TimeSpan.FromSeconds(seconds));
}
