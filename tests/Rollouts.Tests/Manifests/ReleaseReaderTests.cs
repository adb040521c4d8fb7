using Rollouts.Analysis;
using Rollouts.Manifests;
using Rollouts.Steps;

namespace Rollouts.Tests.Manifests;

public sealed class ReleaseReaderTests
{
    [Fact]
    public void Read_ArticleManifest_GivesReleaseAndWarnsOfUnreachableLimit()
    {
        ReleaseReading reading = Manifest.Read(Manifest.Article);

        Assert.Equal(
            ["a.yaml:41: spec.metrics[0].failureLimit: warning: takes one measurement, so failureLimit 2 can never be exceeded and the metric can't fail; set interval and count"],
            reading.Problems.Select(p => p.ToString()));
        Release release = Assert.IsType<Release>(reading.Release);
        Assert.Equal(("checkout", "shop"), (release.Name, release.Namespace));
        Assert.Equal("shop/checkout", release.Target.ToString());
        Assert.Equal(("checkout-stable", "checkout-canary", 100), (release.Target.StableService, release.Target.CanaryService, release.Target.MaxWeight));
        Assert.Equal(["checkout"], release.Target.Nginx.StableIngresses);
        Assert.Equal(
            ["setWeight: 5", "pause: 5m", "analysis: error-rate", "setWeight: 25", "pause: 10m", "setWeight: 100"],
            release.Steps.Select(s => s.Title));
        AnalysisStep step = Assert.IsType<AnalysisStep>(release.Steps[2]);
        Assert.Equal(
            [new AnalysisArgument("service-name", "checkout"), new AnalysisArgument("canary-hash", null, PodTemplateHash.Latest)],
            step.Args);
        AnalysisTemplate template = Assert.Single(release.Templates).Value;
        Assert.Equal([new TemplateArgument("service-name", null), new TemplateArgument("canary-hash", null)], template.Args);
        MetricTemplate metric = Assert.Single(template.Metrics);
        Assert.Equal(("error-rate", "2", "result[0] <= 0.01"), (metric.Name, metric.FailureLimit, metric.SuccessCondition));
        Assert.Equal("http://prometheus:9090", metric.Prometheus.Address);
        Assert.StartsWith("sum(rate(http_requests_total{\n  job=\"{{args.service-name}}\",\n", metric.Prometheus.Query, StringComparison.Ordinal);
        Assert.Matches("^[0-9a-f]{64}$", release.Digest);
    }
}
