using Rollouts.Manifests;

namespace Rollouts.Tests.Manifests;

/// <summary>Manifests that tests start from.</summary>
internal static class Manifest
{
    /// <summary>The smallest Rollout that runs an analysis.</summary>
    public const string Rollout = """
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata:
          name: web
        spec:
          strategy:
            canary:
              canaryService: web-canary
              stableService: web-stable
              trafficRouting:
                nginx:
                  stableIngress: web
              steps:
              - setWeight: 5
              - pause: {duration: 5m}
              - analysis:
                  templates:
                  - templateName: error-rate

        """;

    /// <summary>The template that <see cref="Rollout"/> uses.</summary>
    public const string Template = """
        apiVersion: argoproj.io/v1alpha1
        kind: AnalysisTemplate
        metadata:
          name: error-rate
        spec:
          metrics:
          - name: error-rate
            interval: 30s
            count: 5
            successCondition: result[0] <= 0.01
            failureLimit: 2
            provider:
              prometheus:
                address: http://prometheus:9090
                query: sum(rate(errors[5m])) / sum(rate(requests[5m]))

        """;

    /// <summary>The manifest of the article, with what it leaves out of the Rollout and nothing added to its template but a name and arguments.</summary>
    public const string Article = """
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata:
          name: checkout
          namespace: shop
        spec:
          strategy:
            canary:
              canaryService: checkout-canary
              stableService: checkout-stable
              trafficRouting:
                nginx:
                  stableIngress: checkout
              steps:
              - setWeight: 5
              - pause: {duration: 5m}
              - analysis:
                  templates:
                  - templateName: error-rate
                  args:
                  - name: service-name
                    value: checkout
                  - name: canary-hash
                    valueFrom:
                      podTemplateHashValue: Latest
              - setWeight: 25
              - pause: {duration: 10m}
              - setWeight: 100
        ---
        apiVersion: argoproj.io/v1alpha1
        kind: AnalysisTemplate
        metadata:
          name: error-rate
        spec:
          args:
          - name: service-name
          - name: canary-hash
          metrics:
          - name: error-rate
            successCondition: result[0] <= 0.01
            failureLimit: 2
            provider:
              prometheus:
                address: http://prometheus:9090
                query: |
                  sum(rate(http_requests_total{
                    job="{{args.service-name}}",
                    status=~"5..",
                    version="{{args.canary-hash}}"
                  }[5m])) /
                  sum(rate(http_requests_total{
                    job="{{args.service-name}}",
                    version="{{args.canary-hash}}"
                  }[5m]))

        """;

    public static ReleaseReading Read(params string[] texts) => ReleaseReader.Read(Files(texts));

    /// <summary>The problems as a person sees them; the first file is <c>a.yaml</c>, the second <c>b.yaml</c>.</summary>
    public static string[] Problems(params string[] texts) => [.. Read(texts).Problems.Select(p => p.ToString())];

    public static ManifestFile[] Files(params string[] texts) =>
        [.. texts.Select((text, i) => new ManifestFile($"{(char)('a' + i)}.yaml", text))];

    /// <summary>The problems of <see cref="Rollout"/> (a.yaml) and <see cref="Template"/> (b.yaml) after a change of the one place that reads so.</summary>
    public static string[] ProblemsAfter(string find, string replace)
    {
        int inRollout = Rollout.Split(find).Length - 1;
        int inTemplate = Template.Split(find).Length - 1;
        Assert.Equal(1, inRollout + inTemplate);
        return Problems(Rollout.Replace(find, replace, StringComparison.Ordinal), Template.Replace(find, replace, StringComparison.Ordinal));
    }
}
