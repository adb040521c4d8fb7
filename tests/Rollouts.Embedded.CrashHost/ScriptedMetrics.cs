using Rollouts.Analysis;
using Rollouts.Analysis.Expressions;

namespace Rollouts.Embedded.CrashHost;

/// <summary>A metric store whose answer stands in the question.</summary>
internal sealed class ScriptedMetrics : IMetricProvider
{
    public async Task<MetricAnswer> QueryAsync(PrometheusQuery query, CancellationToken cancellationToken)
    {
        await Task.Delay(Random.Shared.Next(5), cancellationToken);
        return new MetricAnswer(MetricValue.ParsePrometheusNotation(query.Query == "good" ? "[0]" : "[0.5]"), []);
    }
}
