using System.Collections.Frozen;
using System.Globalization;
using Rollouts.Analysis;

namespace Rollouts.Prometheus;

/// <summary>Makes the HTTP request of a query. The query travels in the body, because a URL with a long one is refused by proxies and kept in their logs.</summary>
internal static class PrometheusRequest
{
    public const int LongestTimeout = 3600;

    private static readonly FrozenSet<string> OperatorsOwn = new[]
    {
        "Authorization", "Proxy-Authorization", "Cookie", "Host", "Connection", "Content-Length", "Content-Type", "Content-Encoding",
        "Transfer-Encoding", "TE", "Trailer", "Upgrade", "Expect", "Keep-Alive", "Proxy-Connection",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

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
        foreach (QueryHeader header in query.Headers)
        {
            Add(request, header);
        }

        return request;
    }

    private static void Add(HttpRequestMessage request, QueryHeader header)
    {
        if (OperatorsOwn.Contains(header.Key))
        {
            throw new PortException(
                FailureKind.Invalid, $"header '{header.Key}' is not for a metric to set: credentials belong to the operator's Prometheus:Addresses");
        }

        if (header.Value.Any(char.IsControl) || !request.Headers.TryAddWithoutValidation(header.Key, header.Value))
        {
            throw new PortException(FailureKind.Invalid, $"header '{AddressForm.Show(header.Key)}' can't be sent: its name or value is not HTTP");
        }
    }

    private static string Seconds(long milliseconds) => (milliseconds / 1000m).ToString("0.###", CultureInfo.InvariantCulture);
}
