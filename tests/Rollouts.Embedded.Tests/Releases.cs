using Rollouts.Analysis;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Steps;
using Rollouts.Traffic;
using Rollouts.Workloads;

namespace Rollouts.Embedded.Tests;

/// <summary>Releases for tests.</summary>
internal static class Releases
{
    /// <summary>5 %, five minutes, an analysis of one measurement, 25 %, ten minutes, 100 %.</summary>
    public static Release Article { get; } = Of(
        "checkout",
        new SetWeightStep(5),
        new PauseStep(TimeSpan.FromMinutes(5)),
        new AnalysisStep([new TemplateReference("error-rate", false)], []),
        new SetWeightStep(25),
        new PauseStep(TimeSpan.FromMinutes(10)),
        new SetWeightStep(100));

    /// <summary>Measures at once.</summary>
    public static Release Measuring(string name) =>
        Of(name, new SetWeightStep(5), new AnalysisStep([new TemplateReference("error-rate", false)], []), new SetWeightStep(100));

    /// <summary>Asks a person at 5 %.</summary>
    public static Release Asking(string name) => Of(name, new SetWeightStep(5), new PauseStep(null), new SetWeightStep(100));

    public static Release Of(string name, params Step[] steps) => new()
    {
        Name = name,
        Namespace = "shop",
        Digest = Digest(name, version: 1),
        Target = new TrafficTarget
        {
            Namespace = "shop",
            RolloutName = name,
            StableService = $"{name}-stable",
            CanaryService = $"{name}-canary",
            Nginx = new NginxRouting { StableIngresses = [name] },
        },
        Steps = steps,
        Templates = new Dictionary<string, AnalysisTemplate>
        {
            ["error-rate"] = new()
            {
                Name = "error-rate",
                Metrics =
                [
                    new MetricTemplate
                    {
                        Name = "error-rate",
                        SuccessCondition = "result[0] <= 0.01",
                        Prometheus = new PrometheusQuery { Query = "vector(0)" },
                    },
                ],
            },
        },
    };

    /// <summary>The release with pods of its own.</summary>
    public static Release Deploying(this Release release, string image, ScalingRules? scaling = null)
    {
        Release deploying = release with
        {
            Workload = new WorkloadSpec
            {
                Template = """{"metadata":{"labels":{"app":"NAME"}},"spec":{"containers":[{"image":"IMAGE","name":"app"}]}}"""
                    .Replace("NAME", release.Name, StringComparison.Ordinal).Replace("IMAGE", image, StringComparison.Ordinal),
                Selector = new Dictionary<string, string> { ["app"] = release.Name },
                Replicas = 3,
            },
            Scaling = scaling ?? new ScalingRules(),
        };
        return deploying.AsRun("first");
    }

    /// <summary>Another release of the same target.</summary>
    public static Release Version(this Release release, int version) => release with { Digest = Digest(release.Name, version) };

    public static Release On(this Release release, Func<TrafficTarget, TrafficTarget> target) => release with { Target = target(release.Target) };

    public static string Id(this Release release) => RolloutId.For(release);

    private static string Digest(string name, int version) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{name} {version}")));
}
