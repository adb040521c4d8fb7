using Rollouts.Analysis;
using Rollouts.Analysis.Expressions;

namespace Rollouts.Prometheus;

/// <summary>A query over a span of time.</summary>
/// <param name="Query">Address, PromQL, timeout and headers.</param>
/// <param name="Start">The first point of time.</param>
/// <param name="End">The last; not before <paramref name="Start"/>.</param>
/// <param name="Step">From one point of time to the next; at least one millisecond. Prometheus answers at most 11,000 points of a series.</param>
public sealed record PrometheusRangeQuery(PrometheusQuery Query, DateTimeOffset Start, DateTimeOffset End, TimeSpan Step)
{
    /// <summary>The span that a manifest describes, seen from a time.</summary>
    /// <exception cref="PortException">One of its parts gives no time or duration; in Argo's words.</exception>
    public static PrometheusRangeQuery Of(PrometheusQuery query, PrometheusRange range, DateTimeOffset now) => new(
        query,
        Time("start", range.Start, now),
        Time("end", range.End, now),
        GoDuration.TryParse(range.Step, out TimeSpan step)
            ? step
            : throw new PortException(FailureKind.Invalid, $"failed to parse rangeQuery.step as duration: {range.Step}"));

    private static DateTimeOffset Time(string field, string text, DateTimeOffset now)
    {
        string why;
        try
        {
            if (TimeExpression.TryParse(text, out TimeExpression? expression, out ConditionProblem? problem))
            {
                return expression.Evaluate(now);
            }

            why = problem.Message;
        }
        catch (ConditionException e)
        {
            why = e.Problem.Message;
        }

        throw new PortException(FailureKind.Invalid, $"failed to parse rangeQuery.{field} as time: {why}");
    }
}
