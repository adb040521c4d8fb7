using Rollouts.Manifests;

namespace Rollouts.Tests.Manifests;

public sealed class MetricProblemTests
{
    private const string Limits = "    interval: 30s\n    count: 5\n    successCondition: result[0] <= 0.01\n    failureLimit: 2\n";

    [Theory]
    [InlineData("count: 1|failureLimit: 2", "b.yaml:8: spec.metrics[0]: count (1) must be >= failureLimit + consecutiveSuccessLimit (2 + 0) if both >= 0")]
    [InlineData("interval: 1s|count: 5|failureLimit: 3|consecutiveSuccessLimit: 3", "b.yaml:9: spec.metrics[0]: count (5) must be >= failureLimit + consecutiveSuccessLimit (3 + 3) if both >= 0")]
    [InlineData("interval: 1s|count: 5|failureLimit: -1|consecutiveSuccessLimit: 6", "b.yaml:9: spec.metrics[0]: count must be >= consecutiveSuccessLimit")]
    [InlineData("interval: 1s|count: 5|inconclusiveLimit: 6", "b.yaml:9: spec.metrics[0]: count must be >= inconclusiveLimit")]
    [InlineData("count: 5", "b.yaml:7: spec.metrics[0]: interval must be specified when count > 1")]
    [InlineData("failureLimit: -2", "b.yaml:8: spec.metrics[0]: failureLimit must be >= 0, or -1 to be disabled")]
    [InlineData("inconclusiveLimit: -1", "b.yaml:8: spec.metrics[0]: inconclusiveLimit must be >= 0")]
    [InlineData("consecutiveErrorLimit: -1", "b.yaml:8: spec.metrics[0]: consecutiveErrorLimit must be >= 0")]
    [InlineData("consecutiveSuccessLimit: -1", "b.yaml:8: spec.metrics[0]: consecutiveSuccessLimit must be >= 0")]
    [InlineData("failureLimit: -1", "b.yaml:8: spec.metrics[0]: failureLimit and consecutiveSuccessLimit cannot both be disabled")]
    [InlineData("interval: soon", "b.yaml:8: spec.metrics[0]: invalid interval string: 'soon' is no duration; write for instance 30s, 5m or 1h30m")]
    [InlineData("initialDelay: soon", "b.yaml:8: spec.metrics[0]: invalid startDelay string: 'soon' is no duration; write for instance 30s, 5m or 1h30m")]
    [InlineData("interval: 30", "b.yaml:8: spec.metrics[0].interval: must be a Go duration such as 30s, 5m, 1h30m; found the number 30, write 30s for seconds")]
    [InlineData("interval: 0s|count: 2", "b.yaml:8: spec.metrics[0]: interval must be longer than 0s")]
    [InlineData("initialDelay: -1s", "b.yaml:8: spec.metrics[0]: initialDelay must not be negative")]
    [InlineData("count: -1", "b.yaml:8: spec.metrics[0]: count must be >= 0")]
    [InlineData("count: many", "b.yaml:8: spec.metrics[0]: count must be a whole number, but is 'many'")]
    [InlineData("failureLimit: 1.5", "b.yaml:8: spec.metrics[0].failureLimit: must be a whole number; found the number 1.5")]
    [InlineData("failureLimit: {}", "b.yaml:8: spec.metrics[0].failureLimit: must be a whole number; found an object")]
    [InlineData("failuresLimit: 1", "b.yaml:8: spec.metrics[0].failuresLimit: unknown field, did you mean failureLimit?; supported are name, interval, initialDelay, count, successCondition, failureCondition, failureLimit, inconclusiveLimit, consecutiveErrorLimit, consecutiveSuccessLimit, provider")]
    public void Read_LimitsThatDoNotAgree_AreRefusedInArgosWords(string fields, string expected) =>
        Assert.Equal([expected], Manifest.ProblemsAfter(Limits, Lines(fields + "|successCondition: result[0] <= 0.01")));

    [Theory]
    [InlineData("")]
    [InlineData("failureLimit: 0")]
    [InlineData("count: 0")]
    [InlineData("count: 1")]
    [InlineData("interval: 1s|count: 1")]
    [InlineData("interval: 1s|count: \"3\"|failureLimit: 2")]
    [InlineData("interval: 1s|count: 5|failureLimit: -1|consecutiveSuccessLimit: 3")]
    [InlineData("consecutiveSuccessLimit: 1|initialDelay: 0s|consecutiveErrorLimit: 100")]
    public void Read_LimitsThatAgree_NoProblem(string fields) =>
        Assert.Empty(Manifest.ProblemsAfter(Limits, Lines(fields + "|successCondition: result[0] <= 0.01")));

    [Theory]
    [InlineData("result[0] <=", 10, "is no condition: unexpected token EOF (1:13)")]
    [InlineData("|\n      result[0] <= 0.01 &&\n      result[0] >= 0 ||| 3", 12, "is no condition: unexpected token Operator(\"|\") (2:18)")]
    [InlineData(">\n      result[0] <= 0.01 &&\n      result[0] >= 0 ||| 3", 11, "is no condition: unexpected token Operator(\"|\") (1:39)")]
    [InlineData("reslt[0] <= 0.01", 10, "fits no result of Prometheus: unknown name reslt (1:1)")]
    [InlineData("result[0] > 'a'", 10, "fits no result of Prometheus: of a vector invalid operation: > (mismatched types float64 and string) (1:11), of a single number type float64[int] is undefined (1:7)")]
    public void Read_ConditionThatIsNone_IsRefusedAtItsLine(string condition, int line, string expected)
    {
        Assert.Equal([$"b.yaml:{line}: spec.metrics[0].successCondition: {expected}"], Manifest.ProblemsAfter("result[0] <= 0.01", condition));
        Assert.Equal(
            [$"b.yaml:{line}: spec.metrics[0].failureCondition: {expected}"],
            Manifest.ProblemsAfter("successCondition: result[0] <= 0.01", $"failureCondition: {condition}"));
    }

    [Theory]
    [InlineData("result[0] <= {{args.x}}", "0.05", null)]
    [InlineData("result[0] <= {{args.x}} &&", "0.05", "is no condition: unexpected token EOF (1:21)")]
    [InlineData("result[0] <= {{args.x}}", null, null)]
    [InlineData("result[0] <= {{args.x}} &&", null, "is no condition: unexpected token EOF (1:18)")]
    public void ReadTemplates_ConditionWithArguments_IsParsedWithTheirValuesOrWithStandIns(string condition, string? value, string? expected)
    {
        string template = Manifest.Template.Replace("result[0] <= 0.01", condition)
            .Replace("  metrics:", $"  args:\n  - name: x\n{(value is null ? "" : $"    value: '{value}'\n")}  metrics:");

        Assert.Equal(
            expected is null ? [] : [$"a.yaml:{(value is null ? 12 : 13)}: spec.metrics[0].successCondition: {expected}"],
            ReleaseReader.ReadTemplates(Manifest.Files(template)).Problems.Select(p => p.ToString()));
    }

    [Theory]
    [InlineData("- name: error-rate\n    provider: {prometheus: {query: up}}\n    successCondition: result > 1\n  - name: error-rate\n    i", "b.yaml:10: spec.metrics[1]: duplicate name 'error-rate'")]
    [InlineData("- i", "b.yaml:7: spec.metrics[0].name: is required: unique in the template")]
    public void Read_NameMissingOrTwice_IsRefused(string replace, string expected) =>
        Assert.Equal([expected], Manifest.ProblemsAfter("- name: error-rate\n    i", replace));

    [Theory]
    [InlineData("up{job=\"{{args.service}}\"}", "failed to resolve {{args.service}}, did you mean args.servic?; declare the argument in the template's spec.args")]
    [InlineData("up{job=\"{{ args.q }}\"}", "failed to resolve {{ args.q }}; declare the argument in the template's spec.args")]
    [InlineData("up{job=\"{{servic}}\"}", "failed to resolve {{servic}}; declare the argument in the template's spec.args")]
    [InlineData("up{job=\"{{args.servic\"}", "has {{ without }}; arguments are written {{args.NAME}}")]
    public void Read_PlaceholderThatCantBeResolved_IsRefused(string query, string expected)
    {
        string template = Manifest.Template.Replace("sum(rate(errors[5m])) / sum(rate(requests[5m]))", $"'{query}'")
            .Replace("  metrics:", "  args: [{name: servic, value: web}]\n  metrics:");

        Assert.Equal([$"b.yaml:16: spec.metrics[0].provider.prometheus.query: {expected}"], Manifest.Problems(Manifest.Rollout, template));
        Assert.Equal(
            [$"a.yaml:16: spec.metrics[0].provider.prometheus.query: {expected}"],
            ReleaseReader.Validate(Manifest.Files(template)).Select(p => p.ToString()));
    }

    [Theory]
    [InlineData("0.05 || true", "failureLimit: 2", "", "b.yaml:13: spec.metrics[0].successCondition: the value of argument 'x' can't be put into successCondition of metric 'error-rate' in template 'error-rate': outside a string it must be one number (such as 0.05 or -1), true or false, and stand alone; put quotes around the placeholder for a text")]
    [InlineData("a", "failureLimit: \"{{args.x}}\"", "", "b.yaml:13: spec.metrics[0].successCondition: the value of argument 'x' can't be put into successCondition of metric 'error-rate' in template 'error-rate': outside a string it must be one number (such as 0.05 or -1), true or false, and stand alone; put quotes around the placeholder for a text", "b.yaml:14: spec.metrics[0].failureLimit: failureLimit must be a whole number, but is 'a'")]
    [InlineData("9", "failureLimit: \"{{args.x}}\"", "", "b.yaml:12: spec.metrics[0]: count (5) must be >= failureLimit + consecutiveSuccessLimit (9 + 0) if both >= 0")]
    [InlineData("1", "failureLimit: 2", "\"} or up{a=\"", "b.yaml:18: spec.metrics[0].provider.prometheus.query: the value of argument 'job' can't be put into provider.prometheus.query of metric 'error-rate' in template 'error-rate': inside this string it may hold no \", no backslash, no line break and no other control character")]
    [InlineData("0.05", "failureLimit: 2", "web")]
    public void Read_ValueThatWouldChangeTheMeaning_IsRefusedWhereItWouldBePut(string x, string limit, string job, params string[] expected) =>
        Assert.Equal(
            expected,
            Manifest.Problems(
                Manifest.Rollout + $"          args: [{{name: x, value: '{x}'}}, {{name: job, value: '{job}'}}]\n",
                Manifest.Template
                    .Replace("  metrics:", "  args:\n  - name: x\n  - name: job\n  metrics:")
                    .Replace("<= 0.01", "<= {{args.x}}")
                    .Replace("failureLimit: 2", limit)
                    .Replace("sum(rate(errors[5m])) / sum(rate(requests[5m]))", "up{job=\"{{args.job}}\"}")));

    private static string Lines(string fields) => string.Concat(fields.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(f => $"    {f}\n"));
}
