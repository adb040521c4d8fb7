namespace Rollouts.Sandbox.DemoService;

/// <summary>
/// Decides what happens to the n-th request so that the wanted shares hold over any run of requests and not only in the
/// long run: errors are spaced evenly, latencies walk through the distribution by the golden ratio. A random draw would
/// make a version with 3 % errors look like 0 % or 8 % over the hundred requests that a short canary step sees.
/// </summary>
public static class RequestPattern
{
    private const double GoldenRatio = 0.618_033_988_749_894_9;

    /// <summary>Whether request <paramref name="number"/>, counted from 0, is one of the share <paramref name="rate"/>.</summary>
    public static bool IsChosen(long number, double rate) =>
        Math.Floor(((number + 1) * rate) + 0.5) > Math.Floor((number * rate) + 0.5);

    /// <summary>The quantile of the latency of request <paramref name="number"/>, 0 to 1.</summary>
    public static double Quantile(long number)
    {
        var turns = (number + 0.5) * GoldenRatio;
        return turns - Math.Floor(turns);
    }
}
