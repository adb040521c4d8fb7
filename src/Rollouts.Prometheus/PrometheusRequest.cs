using System.Globalization;
using Rollouts.Analysis;
using Rollouts.Outbound;

namespace Rollouts.Prometheus;

/// <summary>Makes the HTTP request of a query. The query travels in the body, because a URL with a long one is refused by proxies and kept in their logs.</summary>
internal static class PrometheusRequest
{
    public const int LongestTimeout = 3600;

    public static HttpRequestMessage Instant(Uri address, PrometheusQuery query) => Create(address, "query", query, []);

    public static HttpRequestMessage Range(Uri address, PrometheusRangeQuery range)
    {
        if (range.End < range.Start)
        {
            throw new PortException(FailureKind.Invalid, "a range query must not end before it starts");
        }

        if (range.Step < TimeSpan.FromMilliseconds(1))
        {
            throw new PortException(FailureKind.Invalid, "the step of a range query must be at least 1 ms");
        }

        return Create(
            address,
            "query_range",
            range.Query,
            [
                new("start", Seconds(range.Start.ToUnixTimeMilliseconds())),
                new("end", Seconds(range.End.ToUnixTimeMilliseconds())),
                new("step", Seconds((long)range.Step.TotalMilliseconds)),
            ]);
    }

    /// <exception cref="PortException">The timeout is out of range.</exception>
    public static TimeSpan TimeoutOf(PrometheusQuery query) => query.TimeoutSeconds switch
    {
        < 0 => throw new PortException(FailureKind.Invalid, "prometheus timeout should not be negative"),
        0 or > LongestTimeout => throw new PortException(FailureKind.Invalid, $"the Prometheus timeout must be from 1 to {LongestTimeout} s"),
        var seconds => TimeSpan.FromSeconds(seconds),
    };

    private static HttpRequestMessage Create(Uri address, string path, PrometheusQuery query, IEnumerable<KeyValuePair<string, string>> more)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new UriBuilder(address) { Path = $"{AddressForm.PathOf(address)}/api/v1/{path}" }.Uri)
        {
            Content = new FormUrlEncodedContent([new("query", query.Query), new("timeout", $"{query.TimeoutSeconds}s"), .. more]),
        };
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.UserAgent.ParseAdd("rollouts");
        QueryHeaders.Add(request, query.Headers, "Prometheus:Addresses", mayHaveContentType: false);
        return request;
    }

    private static string Seconds(long milliseconds) => (milliseconds / 1000m).ToString("0.###", CultureInfo.InvariantCulture);
}
