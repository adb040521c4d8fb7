using Rollouts.Analysis;
using Rollouts.Manifests;
using Rollouts.Policy;
using Rollouts.Steps;

namespace Rollouts.Tests.Machine;

/// <summary>Releases with an analysis beside their steps: the metric <c>latency</c>, every 30 s without end.</summary>
internal static class Backgrounds
{
    public static AnalysisStep Latency { get; } = new([new TemplateReference("latency", false)], []);

    public static MetricTemplate Endless { get; } = new()
    {
        Name = "latency",
        Interval = "30s",
        SuccessCondition = "result[0] <= 0.3",
        FailureCondition = "result[0] > 1",
        Prometheus = new PrometheusQuery { Query = "vector(1)" },
    };

    public static Release With(params Step[] steps) => With(null, steps);

    public static Release With(RolloutPolicy? policy, params Step[] steps) => Beside(Releases.With(policy, null, steps), startingStep: 0);

    public static Release Beside(Release release, int startingStep) => Templates(release) with
    {
        Background = new BackgroundAnalysis(Latency, startingStep),
    };

    public static Release Templates(Release release) => release with
    {
        Templates = new Dictionary<string, AnalysisTemplate>(release.Templates)
        {
            ["latency"] = new() { Name = "latency", Metrics = [Endless] },
        },
    };
}
