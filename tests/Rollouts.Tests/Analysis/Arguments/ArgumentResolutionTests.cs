using Rollouts.Analysis;
using Rollouts.Analysis.Arguments;

namespace Rollouts.Tests.Analysis.Arguments;

public sealed class ArgumentResolutionTests
{
    private const string ErrorRate = """
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

    [Fact]
    public void Resolve_ErrorRateTemplate_FillsNameAndHash()
    {
        AnalysisTemplate template = Template(
            "error-rate",
            [new("service-name", null), new("canary-hash", null)],
            Metric("error-rate", ErrorRate) with { SuccessCondition = "result[0] <= 0.01", FailureLimit = "2" });

        var (metrics, problems) = ArgumentResolution.Resolve(
            [template],
            [new("service-name", "my-service"), new("canary-hash", null, PodTemplateHash.Latest), new("unused", "x")],
            "stable1",
            "canary2",
            []);

        Assert.Empty(problems);
        Metric metric = Assert.Single(metrics!);
        Assert.Equal(
            ErrorRate.Replace("{{args.service-name}}", "my-service").Replace("{{args.canary-hash}}", "canary2"), metric.Prometheus!.Query);
        Assert.Equal(2, metric.FailureLimit);
        Assert.Null(metric.Count);
        Assert.False(metric.DryRun);
    }

    [Fact]
    public void Resolve_ValueThatLeavesItsString_IsRefusedByName()
    {
        AnalysisTemplate template = Template("error-rate", [new("service-name", null), new("canary-hash", "c")], Metric("errors", ErrorRate));

        ArgumentProblem problem = Assert.Single(Problems([template], [new("service-name", "foo\"} or vector(0) #")]));

        Assert.Equal(("error-rate", "errors", "provider.prometheus.query"), (problem.Template, problem.Metric, problem.Field));
        Assert.Equal(
            "the value of argument 'service-name' can't be put into provider.prometheus.query of metric 'errors' in template 'error-rate': "
            + "inside this string it may hold no \", no backslash, no line break and no other control character",
            problem.Message);
    }

    [Fact]
    public void Resolve_NumbersAndDurationsByArgument_AreReadAfterFilling()
    {
        AnalysisTemplate template = Template(
            "t",
            [new("n", "10"), new("wait", "1m30s"), new("limit", "0.05")],
            Metric("m", "up > {{ args.limit }}") with
            {
                Count = "{{args.n}}",
                Interval = "{{args.wait}}",
                InitialDelay = "10s",
                FailureLimit = "3",
                InconclusiveLimit = "{{args.n}}",
                ConsecutiveErrorLimit = "0",
                ConsecutiveSuccessLimit = "7",
                SuccessCondition = "result[0] <= {{args.limit}}",
                FailureCondition = "result[0] > {{args.limit}} * 5",
            });

        Metric metric = Assert.Single(ArgumentResolution.Resolve([template], [], null, null, []).Metrics!);

        Assert.Equal(
            new Metric
            {
                Name = "m",
                Template = "t",
                Count = 10,
                Interval = TimeSpan.FromSeconds(90),
                InitialDelay = TimeSpan.FromSeconds(10),
                FailureLimit = 3,
                InconclusiveLimit = 10,
                ConsecutiveErrorLimit = 0,
                ConsecutiveSuccessLimit = 7,
                SuccessCondition = "result[0] <= 0.05",
                FailureCondition = "result[0] > 0.05 * 5",
                Prometheus = metric.Prometheus,
            },
            metric);
        Assert.Equal("up > 0.05", metric.Prometheus!.Query);
    }

    [Fact]
    public void Resolve_MissingArguments_AreAllNamed()
    {
        AnalysisTemplate template = Template("t", [new("foo", null), new("hash", null)], Metric("m", "up"));

        IReadOnlyList<ArgumentProblem> problems = Problems([template], [new("hash", null, PodTemplateHash.Stable)]);

        Assert.Collection(
            problems,
            p => Assert.StartsWith("args.foo was not resolved", p.Message),
            p => Assert.StartsWith("args.hash was not resolved: the stable service's selector", p.Message));
    }

    [Theory]
    [InlineData("up{a=\"{{args.x}}\"}", "failed to resolve {{args.x}}")]
    [InlineData("up{a=\"{{ inputs.x }}\"}", "failed to resolve {{ inputs.x }}")]
    [InlineData("up{a=\"{{args.x", "a placeholder that begins with {{ does not end with }}")]
    public void Resolve_UnknownPlaceholder_IsAProblemOfItsField(string query, string message)
    {
        ArgumentProblem problem = Assert.Single(Problems([Template("t", [], Metric("m", query))], [new("x", "1")]));

        Assert.StartsWith(message, problem.Message);
        Assert.Equal("provider.prometheus.query", problem.Field);
    }

    [Fact]
    public void Resolve_SameMetricNameTwice_IsAProblem()
    {
        ArgumentProblem problem = Assert.Single(Problems(
            [Template("a", [], Metric("x", "up")), Template("b", [new("n", "x")], Metric("{{args.n}}", "up"))], []));

        Assert.Equal("two metrics have the same name 'x'", problem.Message);
        Assert.Equal("b", problem.Template);
    }

    [Fact]
    public void Resolve_SameArgumentWithTwoDefaults_IsAProblemEvenWhenTheRolloutGivesAValue()
    {
        AnalysisTemplate a = Template("a", [new("w", "5m")], Metric("x", "up"));
        AnalysisTemplate b = Template("b", [new("w", "1m")], Metric("y", "up"));

        ArgumentProblem problem = Assert.Single(Problems([a, b], [new("w", "2m")]));

        Assert.StartsWith("Argument `w` specified multiple times with different values: '5m', '1m'", problem.Message);
    }

    [Fact]
    public void Resolve_DefaultInOneTemplateOnly_ServesBoth()
    {
        AnalysisTemplate a = Template("a", [new("w", null)], Metric("x", "rate(up[{{args.w}}])"));
        AnalysisTemplate b = Template("b", [new("w", "1m")], Metric("y", "rate(up[{{args.w}}])"));

        var (metrics, problems) = ArgumentResolution.Resolve([a, b], [], null, null, []);

        Assert.Empty(problems);
        Assert.All(metrics!, m => Assert.Equal("rate(up[1m])", m.Prometheus!.Query));
    }

    [Fact]
    public void Resolve_ClusterTemplate_ComesLastAndIsNamedByItsKey()
    {
        AnalysisTemplate cluster = Template("a", [], Metric("x", "up"), Metric("bad", "up") with { Count = "many" }) with { ClusterScope = true };

        ArgumentProblem problem = Assert.Single(Problems([cluster], []));
        IReadOnlyList<Metric> metrics = ArgumentResolution.Resolve(
            [cluster with { Metrics = [cluster.Metrics[0]] }, Template("b", [], Metric("y", "up"))], [], null, null, []).Metrics!;

        Assert.Equal(("cluster/a", "bad", "count"), (problem.Template, problem.Metric, problem.Field));
        Assert.Equal(["y", "x"], metrics.Select(m => m.Name));
    }

    [Fact]
    public void Resolve_DryRunRules_AreUnanchoredAndReachAllTemplates()
    {
        AnalysisTemplate a = Template("a", [], Metric("error-rate", "up"), Metric("p99", "up")) with { DryRun = ["^lat"] };
        AnalysisTemplate b = Template("b", [], Metric("latency", "up"), Metric("other", "up"));

        IReadOnlyList<Metric> metrics = ArgumentResolution.Resolve([a, b], [], null, null, ["rror", "p9{2}$"]).Metrics!;

        Assert.Equal(["error-rate", "p99", "latency"], metrics.Where(m => m.DryRun).Select(m => m.Name));
    }

    [Theory]
    [InlineData("nothing", "dryRun[0]: Rule didn't match any metric name(s)")]
    [InlineData("(", "dryRun[0]: '(' is no regular expression")]
    [InlineData("(?=x)", "dryRun[0]: '(?=x)' is no regular expression")]
    public void Resolve_DryRunRuleWithoutMetric_IsAProblem(string rule, string message)
    {
        AnalysisTemplate template = Template("t", [], Metric("m", "up"));

        ArgumentProblem ofStep = Assert.Single(ArgumentResolution.Resolve([template], [], null, null, [rule]).Problems);
        ArgumentProblem ofTemplate = Assert.Single(Problems([template with { DryRun = [rule] }], []));

        Assert.StartsWith(message, ofStep.Message);
        Assert.StartsWith(message, ofTemplate.Message);
        Assert.Equal(("", "t", "dryRun[0]"), (ofStep.Template, ofTemplate.Template, ofTemplate.Field));
    }

    [Theory]
    [InlineData("http://{{args.v}}:9090", "prometheus.monitoring", "http://prometheus.monitoring:9090")]
    [InlineData("http://[{{args.v}}]:9090", "::1", "http://[::1]:9090")]
    [InlineData("http://p:9090/{{args.v}}", "team-a", "http://p:9090/team-a")]
    [InlineData("{{args.v}}", "https://p", "https://p")]
    public void Resolve_Address_TakesAHostOrPath(string address, string value, string expected)
    {
        AnalysisTemplate template = Template("t", [new("v", value)], Metric("m", "up", address));

        Assert.Equal(expected, Assert.Single(ArgumentResolution.Resolve([template], [], null, null, []).Metrics!).Prometheus!.Address);
    }

    [Theory]
    [InlineData("http://{{args.v}}:9090", "user:pw@evil")]
    [InlineData("http://{{args.v}}:9090", "evil#")]
    [InlineData("http://{{args.v}}:9090", "evil/%2e")]
    [InlineData("http://{{args.v}}:9090", "evil\\")]
    [InlineData("http://{{args.v}}:9090", "evil\r\n")]
    [InlineData("{{args.v}}://p", "ftp")]
    [InlineData("{{args.v}}", "not a url")]
    [InlineData("{{args.v}}", "prometheus:9090")]
    public void Resolve_AddressOfAnotherShape_IsRefused(string address, string value)
    {
        AnalysisTemplate template = Template("t", [new("v", value)], Metric("m", "up", address));

        Assert.Equal("provider.prometheus.address", Assert.Single(Problems([template], [])).Field);
    }

    [Theory]
    [InlineData("a\r\nX-Evil: 1")]
    [InlineData("a\u0000")]
    public void Resolve_HeaderValueWithControlCharacter_IsRefused(string value)
    {
        MetricTemplate metric = Metric("m", "up");
        metric = metric with { Prometheus = metric.Prometheus! with { Headers = [new("X-Scope-OrgID", "{{args.v}}")] } };

        ArgumentProblem problem = Assert.Single(Problems([Template("t", [new("v", value)], metric)], []));

        Assert.Equal("provider.prometheus.headers[0].value", problem.Field);
        Assert.Contains("argument 'v'", problem.Message);
    }

    internal static AnalysisTemplate Template(string name, IReadOnlyList<TemplateArgument> args, params MetricTemplate[] metrics) =>
        new() { Name = name, Args = args, Metrics = metrics };

    internal static MetricTemplate Metric(string name, string query, string? address = null) =>
        new() { Name = name, Prometheus = new PrometheusQuery { Query = query, Address = address } };

    private static IReadOnlyList<ArgumentProblem> Problems(IReadOnlyList<AnalysisTemplate> templates, IReadOnlyList<AnalysisArgument> args)
    {
        var (metrics, problems) = ArgumentResolution.Resolve(templates, args, null, null, []);
        Assert.Null(metrics);
        return problems;
    }
}
