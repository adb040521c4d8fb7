namespace Rollouts.Sandbox.DemoService;

/// <summary>How well a version of the demo service answers.</summary>
public sealed record ServiceBehavior
{
    /// <summary>Share of requests answered with 500, 0 to 1. Default: 0.002.</summary>
    public double ErrorRate { get; init; } = 0.002;

    /// <summary>Half of the requests take longer. Default: 8 ms.</summary>
    public TimeSpan MedianLatency { get; init; } = TimeSpan.FromMilliseconds(8);

    /// <summary>One request in a hundred takes longer; at least 1.3 times <see cref="MedianLatency"/>. Default: 20 ms.</summary>
    public TimeSpan P99Latency { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// The latency below which the share <paramref name="quantile"/> of requests lies: evenly spread around the median for
    /// nine in ten requests, then rising in a straight line through the 99th percentile.
    /// </summary>
    public TimeSpan LatencyAt(double quantile)
    {
        var shoulder = 1.4 * MedianLatency;
        return quantile < 0.9
            ? MedianLatency * (0.5 + quantile)
            : shoulder + ((P99Latency - shoulder) * ((quantile - 0.9) / 0.09));
    }
}
