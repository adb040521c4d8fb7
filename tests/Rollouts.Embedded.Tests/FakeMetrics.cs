using Rollouts.Analysis;
using Rollouts.Analysis.Expressions;

namespace Rollouts.Embedded.Tests;

/// <summary>A metric store that answers as told.</summary>
internal sealed class FakeMetrics : IMetricProvider
{
    private int asked;
    private int brokenOff;

    public int Asked => Volatile.Read(ref asked);

    /// <summary>How many queries were cancelled before they were answered.</summary>
    public int BrokenOff => Volatile.Read(ref brokenOff);

    /// <summary>In Prometheus' notation. Default no errors.</summary>
    public string Answer { get; set; } = "[0]";

    /// <summary>True never answers.</summary>
    public bool Hangs { get; set; }

    public async Task<MetricAnswer> QueryAsync(PrometheusQuery query, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref asked);
        try
        {
            await Task.Delay(Hangs ? Timeout.InfiniteTimeSpan : TimeSpan.Zero, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Interlocked.Increment(ref brokenOff);
            throw;
        }

        return new MetricAnswer(MetricValue.ParsePrometheusNotation(Answer), []);
    }
}
