using Prometheus;

namespace Rollouts.Sandbox.DemoService;

/// <summary>The metrics of one version: requests by status, and a histogram of their duration.</summary>
internal sealed class ServiceMetrics
{
    private readonly string version;
    private readonly Counter requests;
    private readonly Histogram duration;

    /// <param name="version">The value of the label <c>version</c>.</param>
    /// <param name="registry">Where it counts, beside other versions; null takes one of its own.</param>
    public ServiceMetrics(string version, CollectorRegistry? registry)
    {
        this.version = version;
        Registry = registry ?? Metrics.NewCustomRegistry();
        var factory = Metrics.WithCustomRegistry(Registry);
        requests = factory.CreateCounter("http_requests_total", "Requests answered.", "status", "version");
        duration = factory.CreateHistogram(
            "http_request_duration_seconds",
            "Time to answer a request.",
            ["version"],
            new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(start: 0.001, factor: 1.25, count: 40) });

        // A series that appears only with the first error makes the article's query empty for a version without errors,
        // and rate() blind to that first error.
        requests.WithLabels("200", version);
        requests.WithLabels("500", version);
        duration.WithLabels(version);
    }

    public CollectorRegistry Registry { get; }

    public void Answered(int status, TimeSpan elapsed)
    {
        requests.WithLabels(status.ToString(), version).Inc();
        duration.WithLabels(version).Observe(elapsed.TotalSeconds);
    }
}
