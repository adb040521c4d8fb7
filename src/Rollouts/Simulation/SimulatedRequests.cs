using Rollouts.Analysis;
using Rollouts.Manifests.Lint;
using Rollouts.Manifests.Lint.PromQl;

namespace Rollouts.Simulation;

/// <summary>The requests of a simulation: how many there are, and how many of them the canary gets by its weight.</summary>
/// <param name="cluster">Says how many users send.</param>
/// <param name="weights">The canary's weights so far; grows while the simulation runs.</param>
internal sealed class SimulatedRequests(ClusterBehavior cluster, List<SimulatedWeight> weights)
{
    private readonly RequestChange[] rates =
        [new(0, cluster.RequestsPerSecond ?? 0), .. cluster.RequestChanges.OrderBy(c => c.At)];

    /// <summary>Whether it was said how many requests there are.</summary>
    public bool AreKnown => cluster.RequestsPerSecond is not null;

    /// <summary>What a query that counts the canary's requests finds: those of the window it looks back over, without one all from the start.</summary>
    public double Counted(PrometheusQuery query, TimeSpan now, int greatestWeight) => ToCanary(Since(query, now), now.TotalSeconds, greatestWeight);

    /// <summary>The same of a query that counts all requests.</summary>
    public double Counted(PrometheusQuery query, TimeSpan now) => Total(Since(query, now), now.TotalSeconds);

    /// <summary>The canary's requests between two times in seconds.</summary>
    public double ToCanary(double from, double to, int greatestWeight) =>
        Spans(from, to).Sum(s => s.Seconds * s.Rate * s.Weight / greatestWeight);

    /// <summary>All requests between two times in seconds.</summary>
    public double Total(double from, double to) => Spans(from, to).Sum(s => s.Seconds * s.Rate);

    private static double Since(PrometheusQuery query, TimeSpan now) =>
        PromQlParser.Parse(query.Query, [])?.LongestWindow() is { } window
            ? Math.Max(0, (now - window).TotalSeconds)
            : 0;

    private IEnumerable<(double Seconds, double Rate, int Weight)> Spans(double from, double to)
    {
        double[] moments =
        [
            .. weights.Select(w => w.At).Concat(rates.Select(r => r.At)).Where(t => t > from && t < to).Prepend(from).Append(Math.Max(from, to)).Distinct().Order(),
        ];
        foreach ((double begin, double end) in moments.Zip(moments.Skip(1)))
            yield return (end - begin, rates.Last(r => r.At <= begin).PerSecond, weights.Last(w => w.At <= begin).Weight);
    }
}
