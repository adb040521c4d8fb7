namespace Rollouts.Benchmarks.Durable;

/// <summary>The releases that a durable app is given.</summary>
internal static class DurableReleases
{
    public static string Healthy(string name) => Release(
        name,
        "{ setWeight: 5 }, { pause: { duration: 10s } }, { analysis: { templates: [{ templateName: error-rate }] } }, "
        + "{ setWeight: 25 }, { pause: { duration: 5s } }, { setWeight: 100 }",
        "interval: 2s, count: 3");

    public static string Watched(string name) => Release(
        name,
        "{ setWeight: 5 }, { analysis: { templates: [{ templateName: error-rate }] } }, { setWeight: 100 }",
        "interval: 1s, count: 600");

    public static string Measuring(string name) => Release(
        name,
        "{ setWeight: 5 }, { analysis: { templates: [{ templateName: error-rate }] } }, { setWeight: 100 }",
        "interval: 3s, count: 10000");

    public static string Asked(string name) => Release(name, "{ setWeight: 5 }, { pause: {} }", "count: 1");

    public static string Away(string name) => Release(name, "{ setWeight: 5 }, { pause: {} }", "count: 1", DurableField.AwayNamespace);

    private static string Release(string name, string steps, string schedule, string ns = DurableField.Namespace) => $$"""
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: { name: {{name}}, namespace: {{ns}} }
        spec:
          strategy:
            canary:
              stableService: {{name}}-stable
              canaryService: {{name}}-canary
              trafficRouting: { nginx: { stableIngress: {{name}} } }
              steps: [{{steps}}]
        ---
        apiVersion: argoproj.io/v1alpha1
        kind: AnalysisTemplate
        metadata: { name: error-rate, namespace: {{ns}} }
        spec:
          metrics:
          - { name: error-rate, {{schedule}}, successCondition: "result[0] <= 0.01", failureCondition: "result[0] > 0.05",
              provider: { prometheus: { query: 'sum(errors{app="{{name}}"})' } } }
        """;
}
