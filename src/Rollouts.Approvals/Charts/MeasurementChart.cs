using Rollouts.Analysis;
using Rollouts.Questions;

namespace Rollouts.Approvals.Charts;

/// <summary>
/// The measurements of a question against their limits, one band for each metric: canary in blue, stable in grey, the limit to succeed in green and the one to
/// fail in red, both dashed. A measurement without a value is a cross on the axis.
/// </summary>
public static class MeasurementChart
{
    /// <summary>More metrics than this are left to the page.</summary>
    public const int MostMetrics = 4;

    private const int Width = 760;
    private const int Band = 170;
    private const int Left = 84, Right = 92, Top = 40, Bottom = 30;

    /// <summary>What is larger is drawn at the edge.</summary>
    private const double Largest = 1e100;

    private const int MostTicks = 8;

    private const int Paper = 0xffffff, Ink = 0x1b1f24, Faint = 0x57606a, Grid = 0xd8dee4;
    private const int Canary = 0x0757b5, Stable = 0x8c959f, Good = 0x116329, Bad = 0xa40e26;

    /// <summary>A PNG.</summary>
    public static byte[] Draw(QuestionEvidence evidence)
    {
        MetricEvidence[] metrics = [.. evidence.Metrics.Where(m => m.Trend.Count > 0).Take(MostMetrics)];
        Canvas canvas = new(Width, Math.Max(1, metrics.Length) * Band, Paper);
        for (int i = 0; i < metrics.Length; i++)
        {
            Draw(canvas, metrics[i], i * Band);
        }

        if (metrics.Length == 0)
        {
            StrokeFont.Draw(canvas, Left, Band / 2, "nothing has been measured", 12, Faint);
        }

        return Png.Write(canvas);
    }

    private static void Draw(Canvas canvas, MetricEvidence metric, int top)
    {
        string head = Short($"{metric.Name}  {metric.Latest}", 48);
        StrokeFont.Draw(canvas, 16, top + 24, head, 12, Ink, 1.6);
        StrokeFont.Draw(canvas, 16 + StrokeFont.Width(head, 12) + 18, top + 24, Short(metric.LimitText, 44), 9, Faint, 1.1);
        Axis axis = Axis.Over(metric, top + Top, top + Band - Bottom);
        foreach (double tick in axis.Ticks)
        {
            canvas.Line(Left, axis.Y(tick), Width - Right, axis.Y(tick), 1, Grid);
            string label = TrendPoint.Show(tick);
            StrokeFont.Draw(canvas, Left - 8 - StrokeFont.Width(label, 8), axis.Y(tick) + 4, label, 8, Faint, 1);
        }

        foreach ((ConditionLimit limit, int colour) in metric.SuccessLimits.Select(l => (l, Good)).Concat(metric.FailureLimits.Select(l => (l, Bad))))
        {
            canvas.Dashes(Left, axis.Y(limit.Value), Width - Right, axis.Y(limit.Value), 1.6, colour);
            StrokeFont.Draw(canvas, Width - Right + 8, axis.Y(limit.Value) + 4, limit.ToString(), 8, colour, 1.1);
        }

        Series(canvas, axis, metric.Stable, metric.Trend, Stable);
        Series(canvas, axis, metric.Trend, metric.Trend, Canary);
        Times(canvas, metric.Trend, top + Band - Bottom + 18);
    }

    private static void Series(Canvas canvas, Axis axis, IReadOnlyList<TrendPoint> points, IReadOnlyList<TrendPoint> over, int colour)
    {
        (double X, double Y)? before = null;
        foreach (TrendPoint point in points)
        {
            double x = X(point.At, over);
            if (point.Value is not { } value)
            {
                canvas.Line(x - 4, axis.Bottom - 4, x + 4, axis.Bottom + 4, 1.6, colour);
                canvas.Line(x - 4, axis.Bottom + 4, x + 4, axis.Bottom - 4, 1.6, colour);
                before = null;
                continue;
            }

            double y = axis.Y(value);
            if (before is { } from)
            {
                canvas.Line(from.X, from.Y, x, y, 2, colour);
            }

            canvas.Dot(x, y, 8, point.Phase == MeasurementPhase.Failed && colour == Canary ? Bad : colour);
            before = (x, y);
        }
    }

    private static void Times(Canvas canvas, IReadOnlyList<TrendPoint> trend, double baseline)
    {
        string first = $"{trend[0].At.UtcDateTime:HH:mm:ss}";
        StrokeFont.Draw(canvas, X(trend[0].At, trend) - (trend.Count > 1 ? 0 : StrokeFont.Width(first, 8) / 2), baseline, first, 8, Faint, 1);
        if (trend.Count > 1)
        {
            string last = $"{trend[^1].At.UtcDateTime:HH:mm:ss} UTC";
            StrokeFont.Draw(canvas, X(trend[^1].At, trend) - StrokeFont.Width(last, 8), baseline, last, 8, Faint, 1);
        }
    }

    private static double X(DateTimeOffset at, IReadOnlyList<TrendPoint> over)
    {
        double left = Left + 10, right = Width - Right - 10;
        double whole = (over[^1].At - over[0].At).TotalSeconds;
        return whole <= 0 ? (left + right) / 2 : Math.Clamp(left + ((at - over[0].At).TotalSeconds / whole * (right - left)), left, right);
    }

    private static string Short(string text, int most) => text.Length <= most ? text : string.Concat(text.AsSpan(0, most - 1), "…");

    /// <summary>From values to heights.</summary>
    private sealed record Axis(double Least, double Most, double Top, double Bottom)
    {
        public IEnumerable<double> Ticks
        {
            get
            {
                double rough = (Most - Least) / 4;
                double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
                double step = power * ((rough / power) switch { < 1.5 => 1.0, < 3.5 => 2.0, < 7.5 => 5.0, _ => 10.0 });
                double first = Math.Ceiling(Least / step);
                return Enumerable.Range(0, MostTicks).Select(i => (first + i) * step).Where(t => t <= Most);
            }
        }

        public static Axis Over(MetricEvidence metric, double top, double bottom)
        {
            double[] shown =
            [
                .. metric.Trend.Concat(metric.Stable).Select(t => t.Value).OfType<double>(),
                .. metric.SuccessLimits.Concat(metric.FailureLimits).Select(l => l.Value),
            ];
            double least = Math.Max(shown.DefaultIfEmpty(0).Min(), -Largest), most = Math.Min(shown.DefaultIfEmpty(1).Max(), Largest);
            double room = most > least ? (most - least) * 0.08 : Math.Max(Math.Abs(most) * 0.1, 1e-12);

            // Rates and times begin at nothing: a line that hugs a cut-off axis would look worse than it is.
            return new Axis(least >= 0 ? 0 : least - room, most + room, top, bottom);
        }

        public double Y(double value) => Bottom - (Math.Clamp((value - Least) / (Most - Least), 0, 1) * (Bottom - Top));
    }
}
