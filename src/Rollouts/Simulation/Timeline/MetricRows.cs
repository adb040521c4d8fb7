using System.Xml.Linq;
using Rollouts.Analysis;

namespace Rollouts.Simulation.Timeline;

/// <summary>A row for each metric, with a mark for each measurement: form and colour say what the conditions made of it.</summary>
internal static class MetricRows
{
    public const double RowHeight = 26;

    private const int MostLetters = 20;

    // Marks of one kind that would cover each other are one.
    private const double Closest = 4;

    public static IEnumerable<XElement> Draw(SimulationResult result, TimeScale time, double left, double right, double top)
    {
        double y = top + (RowHeight / 2);
        foreach (IGrouping<string, SimulatedMeasurement> metric in result.Measurements.GroupBy(m => m.Metric))
        {
            yield return Svg.Line("grid", left, y, right, y);
            string name = metric.First().DryRun ? $"{metric.Key}, dry run" : metric.Key;
            yield return Svg.Text("label end", left - 8, y + 4, Svg.Short(name, MostLetters)).Titled(name);
            var drawn = new Dictionary<MeasurementPhase, double>();
            // Successes first, so that they cover nothing else.
            foreach (SimulatedMeasurement measurement in metric.OrderBy(m => m.Phase != MeasurementPhase.Successful))
            {
                double x = time.At(measurement.At);
                if (drawn.TryGetValue(measurement.Phase, out double last) && x - last < Closest)
                    continue;
                drawn[measurement.Phase] = x;
                yield return Mark(measurement.Phase, x, y).Titled(Describe(measurement));
            }

            y += RowHeight;
        }
    }

    public static XElement Mark(MeasurementPhase phase, double x, double y)
    {
        string At(double dx, double dy) => $"{Svg.Number(x + dx)} {Svg.Number(y + dy)}";
        return phase switch
        {
            MeasurementPhase.Successful => Svg.Element("circle", "good", ("cx", x), ("cy", y), ("r", 4.5)),
            MeasurementPhase.Failed => Svg.Path("bad", $"M{At(-5, -5)}L{At(5, 5)}M{At(5, -5)}L{At(-5, 5)}"),
            MeasurementPhase.Inconclusive => Svg.Path("unclear", $"M{At(0, -6)}L{At(6, 0)}L{At(0, 6)}L{At(-6, 0)}Z"),
            _ => Svg.Rectangle("error", x - 4, y - 4, 8, 8),
        };
    }

    private static string Describe(SimulatedMeasurement measurement) =>
        $"{GoDuration.Format(TimeSpan.FromSeconds(measurement.At))}: {measurement.Value ?? "no value"}, {measurement.Phase}"
        + (measurement.Message is { } why ? $" ({Svg.Short(why, 200)})" : "");
}
