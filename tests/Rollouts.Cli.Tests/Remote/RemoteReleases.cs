namespace Rollouts.Cli.Tests.Remote;

/// <summary>Releases that a server takes.</summary>
internal static class RemoteReleases
{
    public const string Walks = """
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: {name: checkout, namespace: shop}
        spec:
          strategy:
            canary:
              canaryService: checkout-canary
              stableService: checkout-stable
              trafficRouting: {nginx: {stableIngress: checkout}}
              steps:
              - setWeight: 5
              - analysis: {templates: [{templateName: error-rate}]}
              - setWeight: 50
        """;

    public const string Template = """
        apiVersion: argoproj.io/v1alpha1
        kind: AnalysisTemplate
        metadata: {name: error-rate}
        spec:
          metrics:
          - name: error-rate
            successCondition: result[0] <= 0.01
            provider: {prometheus: {query: errors}}
        """;

    /// <summary>Asks a person where the other measures.</summary>
    public static readonly string Asks =
        Walks.Replace("- analysis: {templates: [{templateName: error-rate}]}", "- pause: {}", StringComparison.Ordinal);
}
