using Rollouts.Analysis;
using Rollouts.Manifests;
using Rollouts.Policy;
using Rollouts.Steps;
using Rollouts.Traffic;
using Rollouts.Workloads;

namespace Rollouts.Tests.Machine;

/// <summary>Releases for tests, built in code so that the tests of the machine do not depend on the reader.</summary>
internal static class Releases
{
    public static SetHeaderRouteStep InternalRoute { get; } = new("internal", [new HeaderMatch("X-Internal", HeaderMatchKind.Exact, "canary")]);

    public static AnalysisStep ErrorRate { get; } = new([new TemplateReference("error-rate", false)], []);

    /// <summary>The article's steps: header route, 5 %, pause, analysis, 25 %, pause, 100 %.</summary>
    public static Release Article(RolloutPolicy? policy = null, MetricTemplate? metric = null) => With(
        policy,
        metric,
        InternalRoute,
        new SetWeightStep(5),
        new PauseStep(TimeSpan.FromMinutes(5)),
        ErrorRate,
        new SetWeightStep(25),
        new PauseStep(TimeSpan.FromMinutes(10)),
        new SetWeightStep(100));

    public static Release With(params Step[] steps) => With(null, null, steps);

    public static Release With(RolloutPolicy? policy, MetricTemplate? metric, params Step[] steps) => new()
    {
        Name = "checkout",
        Namespace = "shop",
        Digest = "0123456789abcdef",
        Target = new TrafficTarget
        {
            Namespace = "shop",
            RolloutName = "checkout",
            StableService = "checkout-stable",
            CanaryService = "checkout-canary",
            Nginx = new NginxRouting { StableIngresses = ["checkout"] },
        },
        Steps = steps,
        Templates = new Dictionary<string, AnalysisTemplate>
        {
            ["error-rate"] = new() { Name = "error-rate", Metrics = [metric ?? Single] },
        },
        Policy = policy ?? RolloutPolicy.Default,
    };

    /// <summary>The release with pods of its own, of revision v2; four of them.</summary>
    public static Release WithWorkload(this Release release, ScalingRules? scaling = null, int? replicas = 4) => release with
    {
        Workload = new WorkloadSpec
        {
            Template = """{"metadata":{"labels":{"app":"checkout"}},"spec":{"containers":[{"image":"checkout:2","name":"checkout"}]}}""",
            Selector = new Dictionary<string, string> { ["app"] = "checkout" },
            Revision = "v2",
            Replicas = replicas,
        },
        Scaling = scaling ?? new ScalingRules(),
    };

    /// <summary>One measurement decides; between 1 % and 5 % nothing does.</summary>
    public static MetricTemplate Single { get; } = new()
    {
        Name = "error-rate",
        SuccessCondition = "result[0] <= 0.01",
        FailureCondition = "result[0] > 0.05",
        Prometheus = new PrometheusQuery { Query = "vector(0)" },
    };
}
