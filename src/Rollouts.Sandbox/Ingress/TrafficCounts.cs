namespace Rollouts.Sandbox.Ingress;

/// <summary>
/// How many requests nginx sent where, counted from its own log. Taken twice, the difference tells what happened in between:
/// <c>(later - earlier).WeightedShare</c>.
/// </summary>
public sealed record TrafficCounts
{
    /// <summary>All requests that a route answered.</summary>
    public long Total { get; init; }

    /// <summary>Requests that a header rule sent to the canary.</summary>
    public long HeaderCanary { get; init; }

    /// <summary>Requests that a header rule kept away from the canary.</summary>
    public long HeaderMain { get; init; }

    /// <summary>Requests that a cookie rule sent to the canary.</summary>
    public long CookieCanary { get; init; }

    /// <summary>Requests that a cookie rule kept away from the canary.</summary>
    public long CookieMain { get; init; }

    /// <summary>Requests that the weight sent to the canary.</summary>
    public long WeightedCanary { get; init; }

    /// <summary>Requests that the weight left with the main service, and those of routes without a canary.</summary>
    public long WeightedMain { get; init; }

    /// <summary>Requests that no header and no cookie decided.</summary>
    public long Weighted => WeightedCanary + WeightedMain;

    /// <summary>Requests that went to the canary, for whatever reason.</summary>
    public long Canary => HeaderCanary + CookieCanary + WeightedCanary;

    /// <summary>The canary's share of <see cref="Weighted"/>, 0 to 1: what a weight asks for. Without requests NaN.</summary>
    public double WeightedShare => (double)WeightedCanary / Weighted;

    public static TrafficCounts operator -(TrafficCounts later, TrafficCounts earlier) => Subtract(later, earlier);

    public static TrafficCounts Subtract(TrafficCounts later, TrafficCounts earlier)
    {
        ArgumentNullException.ThrowIfNull(later);
        ArgumentNullException.ThrowIfNull(earlier);
        return new()
        {
            Total = later.Total - earlier.Total,
            HeaderCanary = later.HeaderCanary - earlier.HeaderCanary,
            HeaderMain = later.HeaderMain - earlier.HeaderMain,
            CookieCanary = later.CookieCanary - earlier.CookieCanary,
            CookieMain = later.CookieMain - earlier.CookieMain,
            WeightedCanary = later.WeightedCanary - earlier.WeightedCanary,
            WeightedMain = later.WeightedMain - earlier.WeightedMain,
        };
    }

    /// <summary>These counts and one request more.</summary>
    internal TrafficCounts Add(string? decision) => decision switch
    {
        "header:canary" => this with { Total = Total + 1, HeaderCanary = HeaderCanary + 1 },
        "header:main" => this with { Total = Total + 1, HeaderMain = HeaderMain + 1 },
        "cookie:canary" => this with { Total = Total + 1, CookieCanary = CookieCanary + 1 },
        "cookie:main" => this with { Total = Total + 1, CookieMain = CookieMain + 1 },
        "weight:canary" => this with { Total = Total + 1, WeightedCanary = WeightedCanary + 1 },
        "weight:main" or "only:main" => this with { Total = Total + 1, WeightedMain = WeightedMain + 1 },
        _ => this,
    };
}
