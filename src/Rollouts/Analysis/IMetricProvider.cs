using Rollouts.Analysis.Expressions;

namespace Rollouts.Analysis;

/// <summary>Answers a metric's query.</summary>
public interface IMetricProvider
{
    /// <exception cref="PortException">The query could not be answered: refused address, time-out, HTTP or PromQL error, a result type that is not a number.</exception>
    Task<MetricAnswer> QueryAsync(PrometheusQuery query, CancellationToken cancellationToken);
}

/// <summary>What a metric store answered.</summary>
/// <param name="Value">The value in Argo's sense: labels are dropped.</param>
/// <param name="Warnings">What the store said beside the value. Usually empty.</param>
public sealed record MetricAnswer(MetricValue Value, IReadOnlyList<string> Warnings);
