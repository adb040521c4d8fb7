namespace Rollouts.Simulation.Timeline;

/// <summary>
/// Where a time stands in a drawing. A time in which nothing is decided and that is much longer than all the rest is drawn shorter, with a break in it: otherwise a
/// question that is open for a day would leave the rollout no room.
/// </summary>
internal sealed class TimeScale
{
    private const double BreakShare = 0.15;

    private static readonly double[] Steps =
        [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800];

    private readonly double left;
    private readonly double width;
    private readonly double end;
    private readonly double shown;

    /// <param name="times">When something happens, in seconds.</param>
    /// <param name="end">When the drawing ends, in seconds.</param>
    /// <param name="left">Where it begins.</param>
    /// <param name="width">How wide it is.</param>
    public TimeScale(IEnumerable<double> times, double end, double left, double width)
    {
        this.left = left;
        this.width = width;
        this.end = Math.Max(end, 1);
        double[] moments = [.. times.Append(0).Append(this.end).Where(t => t >= 0 && t <= this.end).Distinct().Order()];
        (double from, double to) = moments.Zip(moments.Skip(1)).MaxBy(gap => gap.Second - gap.First);
        double rest = this.end - (to - from);
        if (rest > 0 && to - from > 3 * rest)
            Break = (from, to);
        shown = Break is null ? this.end : rest / (1 - BreakShare);
    }

    /// <summary>The time that is drawn shorter, from and to; null when there is none.</summary>
    public (double From, double To)? Break { get; }

    public double At(double seconds)
    {
        double time = Math.Clamp(seconds, 0, end);
        if (Break is { } gap)
        {
            double scaled = shown * BreakShare;
            time = time <= gap.From ? time
                : time >= gap.To ? time - (gap.To - gap.From) + scaled
                : gap.From + ((time - gap.From) / (gap.To - gap.From) * scaled);
        }

        return left + (time / shown * width);
    }

    /// <summary>Round times to write below the drawing, far enough apart to be read.</summary>
    public IEnumerable<double> Ticks(double apart)
    {
        double visible = Break is { } gap ? end - (gap.To - gap.From) : end;
        double least = visible * apart / width;
        double step = Steps.FirstOrDefault(s => s >= least, Math.Ceiling(least / 604_800) * 604_800);
        double last = double.NegativeInfinity;
        for (double time = 0; time <= end; time = Next(time, step))
        {
            if (At(time) - last >= apart * 0.8)
            {
                last = At(time);
                yield return time;
            }
        }
    }

    // Nothing is written inside a break.
    private double Next(double time, double step) =>
        Break is { } gap && time + step > gap.From && time + step < gap.To ? Math.Ceiling(gap.To / step) * step : time + step;
}
