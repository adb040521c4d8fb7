using Rollouts.Analysis;

namespace Rollouts.Prometheus;

/// <summary>A query over a span of time.</summary>
/// <param name="Query">Address, PromQL, timeout and headers.</param>
/// <param name="Start">The first point of time.</param>
/// <param name="End">The last; not before <paramref name="Start"/>.</param>
/// <param name="Step">From one point of time to the next; at least one millisecond. Prometheus answers at most 11,000 points of a series.</param>
public sealed record PrometheusRangeQuery(PrometheusQuery Query, DateTimeOffset Start, DateTimeOffset End, TimeSpan Step);
