using System.Text.RegularExpressions;
using Rollouts.Manifests;
using Rollouts.Manifests.Lint;
using Rollouts.Sandbox.Scenarios;
using Rollouts.Steps;

namespace Rollouts.Sandbox.Tests.Scenarios;

public sealed partial class DemoScenarioTests
{
    private static readonly Uri Prometheus = new("http://127.0.0.1:4711/");

    public static TheoryData<string> Names => [.. DemoScenario.All.Select(scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Manifests_EveryScenario_AreAReleaseWithoutAnyProblem(string name)
    {
        var reading = ReleaseReader.Read(Scenario(name).Manifests(Prometheus), LintOptions.Default);

        Assert.Empty(reading.Problems);
        var release = reading.Release!;
        Assert.Equal((SandboxNames.Namespace, SandboxNames.Service), (release.Namespace, release.Name));
        Assert.Equal((SandboxNames.StableService, SandboxNames.CanaryService), (release.Target.StableService, release.Target.CanaryService));
        Assert.Equal([SandboxNames.Ingress], release.Target.Nginx!.StableIngresses);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Manifests_EveryScenario_BeginWithTheInternalHeaderAndThenTakeTheArticlesSteps(string name)
    {
        var steps = ReleaseReader.Read(Scenario(name).Manifests(Prometheus)).Release!.Steps;

        Assert.Equal("X-Internal: canary", Assert.Single(Assert.IsType<SetHeaderRouteStep>(steps[0]).Match).ToString());
        Assert.Equal([5, 25, 100], steps.OfType<SetWeightStep>().Select(step => step.Weight));
        Assert.Equal(
            ["SetWeightStep", "PauseStep", "AnalysisStep", "SetWeightStep", "PauseStep", "SetWeightStep"],
            OneOfEachRun(steps.Skip(2).Select(step => step.GetType().Name)));
        Assert.InRange(steps.OfType<PauseStep>().Sum(step => step.Duration!.Value.TotalSeconds), 1, 30);
    }

    [Theory]
    [InlineData("good")]
    [InlineData("bad")]
    public void Manifests_GoodAndBad_AskTheArticlesQuestionOfTheSandbox(string name)
    {
        var metric = Assert.Single(
            Assert.Single(ReleaseReader.Read(Scenario(name).Manifests(Prometheus)).Release!.Templates.Values).Metrics);

        Assert.Equal("result[0] <= 0.01", metric.SuccessCondition);
        Assert.Equal("2", metric.FailureLimit);
        Assert.Equal("http://127.0.0.1:4711", metric.Prometheus!.Address);
        Assert.Equal(
            """
            sum(rate(http_requests_total{ job="{{args.service-name}}", status=~"5..", version="{{args.canary-hash}}" }[5m])) / sum(rate(http_requests_total{ job="{{args.service-name}}", version="{{args.canary-hash}}" }[5m]))
            """,
            WhiteSpace().Replace(metric.Prometheus!.Query.Trim(), " "));
    }

    [Fact]
    public void Manifests_Degraded_UseTheTemplatesThatShip() => Assert.Equal(
        ["degraded.yaml", "error-rate.yaml", "p99-latency.yaml"],
        Scenario("degraded").Manifests(Prometheus).Select(file => file.Name));

    /// <summary>What the promises rest on: the article's limits of 1 % and 5 % errors, and 3 times the stable version's p99.</summary>
    [Fact]
    public void Behavior_EveryScenario_IsOnItsSideOfTheLimits()
    {
        var (good, bad, degraded) = (Scenario("good"), Scenario("bad"), Scenario("degraded"));

        Assert.InRange(good.Canary.ErrorRate, 0, 0.005);
        Assert.InRange(bad.Canary.ErrorRate, 0.1, 1);
        Assert.InRange(degraded.Canary.ErrorRate, 0.02, 0.04);
        Assert.InRange(degraded.Canary.P99Latency / degraded.Stable.P99Latency, 1.05, 1.45);
        Assert.All(DemoScenario.All, scenario => Assert.InRange(scenario.Stable.ErrorRate, 0, 0.005));
    }

    /// <summary>The policy's two templates take a step each.</summary>
    private static IEnumerable<string> OneOfEachRun(IEnumerable<string> names)
    {
        var before = "";
        foreach (var name in names.Where(name => name != before))
            yield return before = name;
    }

    private static DemoScenario Scenario(string name) => DemoScenario.All.Single(scenario => scenario.Name == name);

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
