using Rollouts.Journal;
using Rollouts.Manifests;
using Rollouts.Simulation;

namespace Rollouts.Tests.Simulation;

/// <summary>A release as a team writes it, and its simulation.</summary>
internal static class SimulatedRelease
{
    private const string Judged = """
        successCondition: result[0] <= 0.01
        failureCondition: result[0] > 0.05
        provider: {prometheus: {query: errors}}
        """;

    /// <summary>Simulates.</summary>
    /// <param name="canary">What stands below <c>strategy.canary</c>, beside Services and routing; YAML without indentation.</param>
    /// <param name="policy">What stands below <c>spec</c> of the policy, if there is one.</param>
    /// <param name="series">What the metrics return.</param>
    /// <param name="decisions">What people decide.</param>
    /// <param name="cluster">How the cluster behaves.</param>
    /// <param name="spec">More of the Rollout's <c>spec</c>.</param>
    /// <param name="metric">More fields of the template's one metric.</param>
    /// <param name="judged">Its conditions and its provider.</param>
    public static SimulationResult Run(
        string canary,
        string? policy = null,
        string series = "{}",
        IReadOnlyList<SimulatedDecision>? decisions = null,
        ClusterBehavior? cluster = null,
        string spec = "",
        string metric = "",
        string judged = Judged)
    {
        string text = $$"""
            apiVersion: argoproj.io/v1alpha1
            kind: Rollout
            metadata: {name: shop, namespace: shop}
            spec:
              replicas: 10
              selector: {matchLabels: {app: shop} }
              template:
                metadata: {labels: {app: shop} }
                spec: {containers: [{name: shop, image: "shop:2"}]}
            {{Indented(spec, 2)}}
              strategy:
                canary:
                  stableService: shop-stable
                  canaryService: shop-canary
                  trafficRouting: {managedRoutes: [{name: internal}, {name: shadow}], istio: {virtualService: {name: shop} } }
            {{Indented(canary, 6)}}
            ---
            apiVersion: argoproj.io/v1alpha1
            kind: AnalysisTemplate
            metadata: {name: errors, namespace: shop}
            spec:
              metrics:
              - name: error-rate
            {{Indented(judged, 4)}}
            {{Indented(metric, 4)}}
            {{PolicyOf(policy)}}
            """;
        ReleaseReading reading = ReleaseReader.Read([new ManifestFile("a.yaml", text)]);
        Assert.True(reading.Release is not null, $"{string.Join('\n', reading.Problems)}\n{text}");
        return RolloutSimulator.Run(reading.Release, MetricSeries.Parse(series), decisions ?? [], cluster ?? new ClusterBehavior { PodStartupSeconds = 0 });
    }

    public static SimulatedDecision At(double seconds, Command command, int? fromStep = null) =>
        new(TimeSpan.FromSeconds(seconds), command, "jo") { FromStep = fromStep };

    /// <summary>When each event of a type happened, in seconds.</summary>
    public static double[] Times(this SimulationResult result, string type) => [.. result.Events.Where(e => e.Type == type).Select(e => e.At)];

    private static string PolicyOf(string? spec) =>
        spec is null ? "" : $"---\napiVersion: rolloutfunctions/v1\nkind: RolloutPolicy\nmetadata: {{name: shop}}\nspec:\n{Indented(spec, 2)}";

    private static string Indented(string text, int by) => string.Join('\n', text.Split('\n').Select(l => new string(' ', by) + l));
}
