using Rollouts.Analysis;
using Rollouts.Manifests;

namespace Rollouts.Tests.Manifests;

public sealed class TemplateProblemTests
{
    private const string NoSecret = "holds a credential, which has to come from a Secret: declare an argument with valueFrom.secretKeyRef in the template and write {{args.NAME}}";

    private const string NoLiteral = "carries a credential, which must not stand in a manifest: declare an argument with valueFrom.secretKeyRef and write {{args.NAME}} as the value";

    [Theory]
    [InlineData("args: [{name: a, value: x}, {name: a}]", "b.yaml:6: spec.args[1].name: declares \"a\" a second time; declare each argument once")]
    [InlineData("args: [{name: a, value: 5}]", "b.yaml:6: spec.args[0].value: must be a text; 5 is read as a number, so put it in quotes: \"5\"")]
    [InlineData("args: [{name: n, value: a}]", "b.yaml:6: spec.args[0].name: must be a text; n is read as a boolean, so put it in quotes: \"n\"")]
    [InlineData("args: [{value: a}]", "b.yaml:6: spec.args[0].name: is required: the argument's name")]
    [InlineData("args: [{name: a, valueFrom: {secretKeyRef: {}}}]", "b.yaml:6: spec.args[0].valueFrom.secretKeyRef.name: is required: the Secret", "b.yaml:6: spec.args[0].valueFrom.secretKeyRef.key: is required: the key in the Secret")]
    [InlineData("args: [{name: a, valueFrom: {}}]", "b.yaml:6: spec.args[0].valueFrom: must hold one of secretKeyRef and fieldRef")]
    [InlineData("args: [{name: a, value: x, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]", "b.yaml:6: spec.args[0].valueFrom: is given beside value; give one of the two")]
    [InlineData("args: [{name: a, valueFrom: {fieldRef: {fieldPath: spec.nothing}}}]", "b.yaml:6: spec.args[0]: invalid path spec.nothing in rollout")]
    [InlineData("templates: [{templateName: x}]", "b.yaml:6: spec.templates[0].templateName: there is no AnalysisTemplate x in the release; given are error-rate")]
    [InlineData("measurementRetention: [{metricName: zzz, limit: 20}]", "b.yaml:6: spec.measurementRetention[0]: Rule didn't match any metric name(s); the metrics are error-rate")]
    [InlineData("measurementRetention: [{metricName: e}]", "b.yaml:6: spec.measurementRetention[0].limit: is required: how many measurements are kept")]
    [InlineData("measurementRetention: [{metricName: e, limit: 51}]", "b.yaml:6: spec.measurementRetention[0].limit: must be a whole number from 0 to 50; found the number 51")]
    [InlineData("dryRun: [{metricName: zzz}]", "b.yaml:6: spec.dryRun[0]: Rule didn't match any metric name(s); the metrics are error-rate")]
    [InlineData("dryRun: [{metricName: e}, {metricName: e}]", "b.yaml:6: spec.dryRun[1].metricName: two Dry-Run metric rules have the same name 'e'")]
    [InlineData("metricss: []", "b.yaml:6: spec.metricss: unknown field, did you mean metrics?; supported are args, metrics, dryRun, measurementRetention, templates")]
    public void Read_TemplateFieldWrong_SaysWhatIsAllowed(string field, params string[] expected) =>
        Assert.Equal(expected, Manifest.ProblemsAfter("  metrics:", $"  {field}\n  metrics:"));

    [Theory]
    [InlineData("metrics: []", "b.yaml:6: spec.metrics: no metrics specified")]
    [InlineData("args: []", "b.yaml:5: spec.metrics: no metrics specified")]
    [InlineData("metrics: {}", "b.yaml:6: spec.metrics: must be a list; found an object")]
    public void Read_NoMetrics_IsRefused(string spec, string expected) =>
        Assert.Equal([expected], Manifest.Problems(Manifest.Rollout, Manifest.Template[..Manifest.Template.IndexOf("  metrics", StringComparison.Ordinal)] + $"  {spec}\n"));

    [Theory]
    [InlineData("kayenta", "no Kayenta is asked; compare with the stable version in a query")]
    [InlineData("datadog", null)]
    [InlineData("wavefront", null)]
    [InlineData("newRelic", null)]
    [InlineData("job", "no Job is started in the cluster; measure what it would by Prometheus or by a web service")]
    [InlineData("cloudWatch", null)]
    [InlineData("graphite", null)]
    [InlineData("influxdb", null)]
    [InlineData("skywalking", null)]
    [InlineData("plugin", "there are no metric plugins; put a web service before the source")]
    public void Read_OtherProvider_IsRefusedByName(string provider, string? why)
    {
        why ??= "metrics come from Prometheus, or from the web provider, which can ask this one's HTTP API";
        string refused = $"spec.metrics[0].provider.{provider}: not supported: {why}; supported are prometheus, web";

        Assert.Equal([$"b.yaml:13: {refused}"], Manifest.ProblemsAfter(Provider(), $"      {provider}: {{}}\n"));
        Assert.Equal(
            ["b.yaml:7: spec.metrics[0]: multiple providers specified", $"b.yaml:16: {refused}"],
            Manifest.ProblemsAfter(Provider(), $"{Provider()}      {provider}: {{}}\n"));
    }

    [Theory]
    [InlineData("    provider: {}\n")]
    [InlineData("    provider:\n")]
    [InlineData("")]
    public void Read_NoProvider_IsRefused(string provider) =>
        Assert.Equal(["b.yaml:7: spec.metrics[0]: no provider specified"], Manifest.ProblemsAfter("    provider:\n" + Provider(), provider));

    [Theory]
    [InlineData("insecure: yes please", "insecure", "must be true or false; found the text \"yes please\"")]
    [InlineData("authentication: {basicAuth: {username: a, password: b}}", "authentication.basicAuth.password", $"password {NoSecret}")]
    [InlineData("authentication: {basicAuth: {username: a}}", "authentication.basicAuth.password", "is required: {{args.NAME}} of an argument from a Secret")]
    [InlineData("authentication: {oauth2: {tokenUrl: \"http://t/\", clientId: a, clientSecret: b}}", "authentication.oauth2.clientSecret", $"clientSecret {NoSecret}")]
    [InlineData("authentication: {oauth2: {clientId: a, clientSecret: b}}", "authentication.oauth2.tokenUrl", "is required: where tokens are had", $"authentication.oauth2.clientSecret: clientSecret {NoSecret}")]
    [InlineData("authentication: {sigv4: {region: x}}", "authentication.sigv4", "not supported: no AWS credentials are at hand; put a signing proxy before the workspace; supported are basicAuth, oauth2")]
    [InlineData("rangeQuery: {step: 1m, end: now()}", "rangeQuery.start", "is required: an expression that gives a time, such as now() - duration(\"1h\")")]
    [InlineData("rangeQuery: {step: 1m, end: now(), start: \"now() -\"}", "rangeQuery.start", "failed to parse rangeQuery.start as time: unexpected token EOF")]
    [InlineData("rangeQuery: {step: fast, end: now(), start: now()}", "rangeQuery.step", "failed to parse rangeQuery.step as duration: 'fast' is no duration of 1ms or more; write for instance 30s")]
    [InlineData("timeout: -1", "timeout", "prometheus timeout should not be negative")]
    [InlineData("timeout: 601", "timeout", "must be a whole number from 0 to 600; found the number 601")]
    [InlineData("timeout: 10s", "timeout", "must be a whole number from 0 to 600; found the text \"10s\"")]
    [InlineData("headers: [{key: Authorization, value: x}]", "headers[0].key", $"Authorization {NoLiteral}")]
    [InlineData("headers: [{key: cookie, value: x}]", "headers[0].key", $"cookie {NoLiteral}")]
    [InlineData("headers: [{key: a b, value: x}]", "headers[0].key", "\"a b\" is no header name")]
    [InlineData("headers: [{key: A, value: \"x\\ny\"}]", "headers[0].value", "must be on one line")]
    [InlineData("headers: [{key: A}]", "headers[0].value", "is required: the header's value")]
    [InlineData("headers: [{key: A, valueFrom: {}}]", "headers[0].valueFrom", "unknown field; supported are key, value", "headers[0].value: is required: the header's value")]
    public void Read_PrometheusFieldWrong_SaysWhatIsAllowed(string field, string path, string expected, string? another = null) =>
        Assert.Equal(
            new[] { $"{path}: {expected}", another }.OfType<string>().Select(e => $"b.yaml:14: spec.metrics[0].provider.prometheus.{e}"),
            Manifest.ProblemsAfter("        address", $"        {field}\n        address"));

    [Theory]
    [InlineData("prometheus:9090", "must be an http or https URL such as http://prometheus:9090")]
    [InlineData("ftp://prometheus", "must be an http or https URL such as http://prometheus:9090")]
    [InlineData("http://", "must be an http or https URL such as http://prometheus:9090")]
    [InlineData("http://me:s3cret@prometheus", "holds credentials, which belong to the operator's configuration of the address; remove them")]
    [InlineData("http://prometheus/?token=s3cret", "must end with the path; a query or fragment is not supported")]
    public void Read_AddressWrong_IsRefusedWithoutRepeatingIt(string address, string expected) =>
        Assert.Equal([$"b.yaml:14: spec.metrics[0].provider.prometheus.address: {expected}"], Manifest.ProblemsAfter("http://prometheus:9090", address));

    [Theory]
    [InlineData("query: \"\"", "is required: PromQL; found an empty text")]
    [InlineData("query:", "is required: PromQL")]
    [InlineData("query: 5", "must be a text; 5 is read as a number, so put it in quotes: \"5\"")]
    [InlineData("query: {a: b}", "must be a text; found an object (put a text that begins with { or holds \": \" in quotes)")]
    public void Read_QueryWrong_SaysWhatIsAllowed(string query, string expected) =>
        Assert.Equal([$"b.yaml:15: spec.metrics[0].provider.prometheus.query: {expected}"], Manifest.ProblemsAfter(Query(), $"        {query}\n"));

    [Fact]
    public void Read_AllFields_GivesTemplate()
    {
        ReleaseReading reading = ReleaseReader.ReadTemplates(Manifest.Files("""
            apiVersion: argoproj.io/v1alpha1
            kind: AnalysisTemplate
            metadata: {name: all, namespace: shop}
            spec:
              args:
              - name: service
              - name: limit
                value: "0.05"
              dryRun:
              - metricName: trial
              metrics:
              - name: rate
                interval: 30s
                initialDelay: 1m
                count: "{{args.service}}"
                successCondition: result[0] <= {{args.limit}}
                failureCondition: result[0] > 0.5
                failureLimit: 3
                inconclusiveLimit: "2"
                consecutiveErrorLimit: 1
                consecutiveSuccessLimit: 4
                provider:
                  prometheus:
                    query: up{job="{{ args.service }}"}
                    timeout: 10
                    headers:
                    - key: X-Scope-OrgID
                      value: tenant-{{args.service}}
              - name: trial
                failureCondition: result > 1
                provider: {prometheus: {address: "https://p/{{args.service}}", query: up, timeout: 0}}
            """));

        Assert.Empty(reading.Problems);
        Assert.Null(reading.Release);
        AnalysisTemplate template = reading.Templates["all"];
        Assert.Equal([new("service", null), new("limit", "0.05")], template.Args);
        Assert.Equal(["trial"], template.DryRun);
        MetricTemplate rate = template.Metrics[0];
        Assert.Equal(("30s", "1m", "{{args.service}}"), (rate.Interval, rate.InitialDelay, rate.Count));
        Assert.Equal(("result[0] <= {{args.limit}}", "result[0] > 0.5"), (rate.SuccessCondition, rate.FailureCondition));
        Assert.Equal(("3", "2", "1", "4"), (rate.FailureLimit, rate.InconclusiveLimit, rate.ConsecutiveErrorLimit, rate.ConsecutiveSuccessLimit));
        Assert.Equal((null, "up{job=\"{{ args.service }}\"}", 10), (rate.Prometheus!.Address, rate.Prometheus!.Query, rate.Prometheus!.TimeoutSeconds));
        Assert.Equal([new QueryHeader("X-Scope-OrgID", "tenant-{{args.service}}")], rate.Prometheus!.Headers);
        Assert.Equal(("https://p/{{args.service}}", 30), (template.Metrics[1].Prometheus!.Address, template.Metrics[1].Prometheus!.TimeoutSeconds));
    }

    private static string Provider() => Manifest.Template[Manifest.Template.IndexOf("      prometheus:", StringComparison.Ordinal)..];

    private static string Query() => Manifest.Template[Manifest.Template.IndexOf("        query:", StringComparison.Ordinal)..];
}
