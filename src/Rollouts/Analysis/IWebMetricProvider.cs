namespace Rollouts.Analysis;

/// <summary>Answers a metric from a web service.</summary>
public interface IWebMetricProvider
{
    /// <exception cref="PortException">Refused address, time-out, a status that is no success, nothing at the JSON path.</exception>
    Task<MetricAnswer> QueryAsync(WebQuery query, CancellationToken cancellationToken);
}
