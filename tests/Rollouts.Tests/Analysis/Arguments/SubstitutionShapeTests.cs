using Rollouts.Analysis;
using Rollouts.Analysis.Arguments;

namespace Rollouts.Tests.Analysis.Arguments;

public sealed class SubstitutionShapeTests
{
    [Theory]
    [InlineData("up{job=\"{{args.v}}\"}", "my-service")]
    [InlineData("up{job=\"{{args.v}}\"}", "")]
    [InlineData("up{job=\"{{args.v}}\"}", "it's } a # brace {")]
    [InlineData("up{job='{{args.v}}'}", "say \"hi\"")]
    [InlineData("up{status=~\"{{args.v}}\"}", "5..|429")]
    [InlineData("up{job=`{{args.v}}`}", "Ünï \"x\"")]
    [InlineData("rate(up[{{args.v}}])", "5m")]
    [InlineData("rate(up[{{args.v}}])", "1h30m")]
    [InlineData("rate(up[{{args.v}}:30s])", "10m")]
    [InlineData("rate(up[{{args.v}}m])", "15")]
    [InlineData("up offset {{args.v}}", "1w")]
    [InlineData("up > {{args.v}}", "0.05")]
    [InlineData("up > {{args.v}}", ".5")]
    [InlineData("up > {{args.v}}", "0x1F")]
    [InlineData("up > {{args.v}}", "1e-3")]
    [InlineData("up > {{args.v}}", "NaN")]
    [InlineData("up > -{{args.v}}", "inf")]
    [InlineData("http_{{args.v}}_total", "requests")]
    [InlineData("http_{{args.v}}_total", "5xx")]
    [InlineData("job:{{args.v}}:rate5m", "errors:sum")]
    [InlineData("{{args.v}}{job=\"x\"}", "http_requests_total")]
    [InlineData("sum by ({{args.v}}) (up)", "version")]
    [InlineData("up{ {{args.v}} = \"x\" }", "group")]
    [InlineData("up # of {{args.v}}\n > 0", "anything \" 'goes")]
    public void Resolve_ValueThatFitsTheQuery_IsFilledIn(string query, string value) =>
        Assert.Equal(query.Replace("{{args.v}}", value), Query(query, value).Metric?.Prometheus!.Query);

    [Theory]
    [InlineData("up{job=\"{{args.v}}\"}", "foo\"} or vector(0) #")]
    [InlineData("up{job=\"{{args.v}}\"}", "a\\")]
    [InlineData("up{job=\"{{args.v}}\"}", "a\nb")]
    [InlineData("up{job=\"\\{{args.v}}\"}", "")]
    [InlineData("up{job='{{args.v}}'}", "it's")]
    [InlineData("up{job=`{{args.v}}`}", "a`b")]
    [InlineData("rate(up[{{args.v}}])", "5m]) or vector(0")]
    [InlineData("rate(up[{{args.v}}])", "5 minutes")]
    [InlineData("rate(up[{{args.v}}])", "window")]
    [InlineData("rate(up[{{args.v}}])", "")]
    [InlineData("rate(up[{{args.v}}m])", "1.5")]
    [InlineData("rate(up[{{args.v}}m])", "1h3")]
    [InlineData("up > {{args.v}}", "0 or vector(1)")]
    [InlineData("up > {{args.v}}", "bool 0")]
    [InlineData("up > {{args.v}}", "-1")]
    [InlineData("up > {{args.v}}", "0 # ")]
    [InlineData("up > {{args.v}}", "\"x\"")]
    [InlineData("up > {{args.v}}", " 1")]
    [InlineData("up {{args.v}} vector(0)", "or")]
    [InlineData("up {{args.v}} vector(0)", "OR")]
    [InlineData("up {{args.v}} vector(0)", ">")]
    [InlineData("o{{args.v}}(up)", "r")]
    [InlineData("http_{{args.v}}_total", "a{b=\"c\"} or d")]
    [InlineData("{{args.v}}_total", "5xx")]
    [InlineData("sum{{args.v}}(up)", "")]
    [InlineData("up # of {{args.v}}\n > 0", "x\nor vector(0)")]
    [InlineData("up # of {{args.v}}\n > 0", "x\ror vector(0)")]
    [InlineData("up{job=\"{{args.v}}", "a\"}")]
    public void Resolve_ValueThatChangesTheQuery_IsRefused(string query, string value)
    {
        var (metric, problem) = Query(query, value);

        Assert.Null(metric);
        Assert.Equal("provider.prometheus.query", problem!.Field);
    }

    [Fact]
    public void Resolve_WindowThatIsNone_IsBlamedOnItsArgument() =>
        Assert.StartsWith("the value of argument 'v' can't be put into provider.prometheus.query", Query("rate(up[{{args.v}}])", "5 minutes").Problem!.Message);

    [Fact]
    public void Resolve_TwoValuesThatTogetherMoveTheQuotes_AreRefused()
    {
        AnalysisTemplate template = ArgumentResolutionTests.Template(
            "t", [new("a", "\\"), new("b", " + \"c")], ArgumentResolutionTests.Metric("m", "up{x=\"{{args.a}}\",y=\"{{args.b}}\"}"));

        Assert.Null(ArgumentResolution.Resolve([template], [], null, null, []).Metrics);
    }

    [Theory]
    [InlineData("result[0] <= {{args.v}}", "0.01", "result[0] <= 0.01")]
    [InlineData("result[0] <= {{args.v}}", "1e-3", "result[0] <= 1e-3")]
    [InlineData("result[0] <= {{args.v}}", "-1", "result[0] <= (-1)")]
    [InlineData("{{args.v}} ** 2 > 0", "-1", "(-1) ** 2 > 0")]
    [InlineData("1 -{{args.v}} > 0", "-1", "1 -(-1) > 0")]
    [InlineData("{{args.v}} or result > 1", "true", "true or result > 1")]
    [InlineData("len(result) in 1..{{args.v}}", "3", "len(result) in 1..3")]
    [InlineData("result[{{args.v}}] > 1", "0", "result[0] > 1")]
    [InlineData("result == \"{{args.v}}\"", "it's // fine", "result == \"it's // fine\"")]
    [InlineData("result == '-{{args.v}}'", "-1", "result == '--1'")]
    [InlineData("all(result, {# > {{args.v}} })", "2", "all(result, {# > 2 })")]
    [InlineData("result > 1 // up to {{args.v}}", "x", "result > 1 // up to x")]
    public void Resolve_ValueThatFitsTheCondition_IsFilledIn(string condition, string value, string expected) =>
        Assert.Equal(expected, Condition(condition, value).Metric?.SuccessCondition);

    [Theory]
    [InlineData("result[0] <= {{args.v}}", "0.01 || true")]
    [InlineData("result[0] <= {{args.v}}", "")]
    [InlineData("result[0] <= {{args.v}}", "nil")]
    [InlineData("result[0] <= {{args.v}}", "result")]
    [InlineData("result[0] <= {{args.v}}", "\"a\"")]
    [InlineData("result[0] <= {{args.v}}", "5m")]
    [InlineData("result[0] <= {{args.v}}", "--1")]
    [InlineData("result[0] <= {{args.v}}", "1 // ")]
    [InlineData("result[0] <= 0.{{args.v}}", "1")]
    [InlineData("result.{{args.v}} > 1", "true")]
    [InlineData("result.{{args.v}} > 1", "values")]
    [InlineData("result {{args.v}} > 1", "-1")]
    [InlineData("result[0] {{args.v}} > 1", "+1")]
    [InlineData("res{{args.v}} > 1", "ult")]
    [InlineData("#{{args.v}} > 1", "1")]
    [InlineData("result == \"{{args.v}}\"", "a\" || true || \"")]
    [InlineData("result == \"{{args.v}}\"", "a\\")]
    [InlineData("result == \"{{args.v}}\"", "a\nb")]
    [InlineData("result == \"\\{{args.v}}\"", "")]
    [InlineData("result == `{{args.v}}`", "a`b")]
    [InlineData("result > {{args.v}}", "1e999")]
    [InlineData("result > {{args.v}}", "0123_4")]
    [InlineData("result > 1 // {{args.v}}", "x\n || true")]
    [InlineData("result > 1 /* {{args.v}} */", "*/ || true /*")]
    [InlineData("result > 1 /* *{{args.v}}/ */", "")]
    public void Resolve_ValueThatChangesTheCondition_IsRefused(string condition, string value)
    {
        var (metric, problem) = Condition(condition, value);

        Assert.Null(metric);
        Assert.Equal("successCondition", problem!.Field);
    }

    private static (Metric? Metric, ArgumentProblem? Problem) Query(string query, string value) =>
        Resolve(ArgumentResolutionTests.Metric("m", query), value);

    private static (Metric? Metric, ArgumentProblem? Problem) Condition(string condition, string value) =>
        Resolve(ArgumentResolutionTests.Metric("m", "up") with { SuccessCondition = condition }, value);

    private static (Metric? Metric, ArgumentProblem? Problem) Resolve(MetricTemplate metric, string value)
    {
        var (metrics, problems) = ArgumentResolution.Resolve(
            [ArgumentResolutionTests.Template("t", [new("v", value)], metric)], [], null, null, []);
        return (metrics?.Single(), problems.SingleOrDefault());
    }
}
