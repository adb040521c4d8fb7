using System.Text;
using System.Xml.Linq;
using Rollouts.Machine;

namespace Rollouts.Simulation.Timeline;

/// <summary>The weight over time as a step line.</summary>
internal static class WeightPlot
{
    public const double Height = 190;

    private const double RoomForNumber = 26;

    public static IEnumerable<XElement> Draw(SimulationResult result, TimeScale time, double left, double right, double top)
    {
        double Y(double weight) => top + Height - (weight / result.MaxWeight * Height);
        for (int part = 0; part <= 4; part++)
        {
            double weight = result.MaxWeight * part / 4.0;
            yield return Svg.Line("grid", left, Y(weight), right, Y(weight));
            yield return Svg.Text("label end", left - 8, Y(weight) + 4, Svg.Number(weight));
        }

        yield return Svg.Text("label end", left - 8, top - 10, result.MaxWeight == 100 ? "weight, %" : "weight");
        var line = new StringBuilder($"M{Svg.Number(time.At(0))} {Svg.Number(Y(0))}");
        foreach (SimulatedWeight step in result.Weights.Skip(1))
            line.Append($"H{Svg.Number(time.At(step.At))}V{Svg.Number(Y(step.Weight))}");
        line.Append($"H{Svg.Number(right)}");
        yield return Svg.Path("area", $"{line}V{Svg.Number(Y(0))}Z");
        yield return Svg.Path("weight", line.ToString());
        double free = double.NegativeInfinity;
        foreach (SimulatedWeight step in result.Weights.Skip(1).Where(s => s.Weight > 0))
        {
            double x = time.At(step.At);
            if (x < free)
                continue;
            free = x + RoomForNumber;
            bool isFull = step.Weight >= result.MaxWeight;
            yield return Svg.Text(x > right - RoomForNumber ? "value end" : "value", x + (x > right - RoomForNumber ? -4 : 4), isFull ? Y(step.Weight) + 14 : Y(step.Weight) - 5, $"{step.Weight}");
        }
    }

    public static IEnumerable<XElement> DrawPhases(SimulationResult result, TimeScale time, double right, double top, double height)
    {
        for (int i = 0; i < result.Phases.Count; i++)
        {
            double from = time.At(result.Phases[i].At);
            double to = i + 1 < result.Phases.Count ? time.At(result.Phases[i + 1].At) : right;
            if (to - from >= 0.5)
                yield return Svg.Rectangle(Style(result.Phases[i].Phase), from, top, to - from, height).Titled($"{result.Phases[i].Phase}");
        }
    }

    public static string Style(RolloutPhase phase) => $"phase-{phase.ToString().ToLowerInvariant()}";
}
