using Rollouts.Analysis;
using Rollouts.Analysis.Expressions;

namespace Rollouts.Embedded.CrashHost;

/// <summary>A metric store whose answer stands in the question.</summary>
internal sealed class ScriptedMetrics : IMetricProvider
{
    public async Task<MetricAnswer> QueryAsync(PrometheusQuery query, CancellationToken cancellationToken)
    {
        await Task.Delay(Random.Shared.Next(5), cancellationToken);
        return query.Query == "good"
            ? new MetricAnswer(MetricValue.ParsePrometheusNotation("[0]"), [])
            : throw new PortException(FailureKind.Transient, "the canary is bad");
    }
}
