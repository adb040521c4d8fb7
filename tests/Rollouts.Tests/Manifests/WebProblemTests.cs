using Rollouts.Analysis;
using Rollouts.Manifests;

namespace Rollouts.Tests.Manifests;

/// <summary>The web provider in manifests. Messages that Argo has too are in its words (<c>metricproviders/webmetric/webmetric.go</c>).</summary>
public sealed class WebProblemTests
{
    private static readonly string Provider = Manifest.Template[Manifest.Template.IndexOf("      prometheus:", StringComparison.Ordinal)..];

    private static readonly string Template = Manifest.Template
        .Replace(Provider, "      web:\n        url: http://service/value\n", StringComparison.Ordinal)
        .Replace("result[0] <= 0.01", "result.ok", StringComparison.Ordinal);

    [Theory]
    [InlineData("method: DELETE", "method", "must be GET, POST or PUT; found the text \"DELETE\"")]
    [InlineData("body: text", "body", "Body/JSONBody can only be used with POST or PUT WebMetric Method types")]
    [InlineData("jsonBody: {a: b}", "jsonBody", "Body/JSONBody can only be used with POST or PUT WebMetric Method types")]
    [InlineData("jsonPath: $.a", "jsonPath", "must be one expression in braces, such as {$.data.ok}")]
    [InlineData("timeoutSeconds: -1", "timeoutSeconds", "must be a whole number from 0 to 600; found the number -1")]
    [InlineData("headers: [{key: Authorization, value: abc}]", "headers[0].key", "Authorization carries a credential, which must not stand in a manifest: declare an argument with valueFrom.secretKeyRef and write {{args.NAME}} as the value")]
    [InlineData("authentication: {basicAuth: {}}", "authentication.basicAuth", "not supported: Argo's web provider does not read it; send an Authorization header from a Secret; supported are oauth2")]
    public void Read_WebFieldWrong_SaysWhatIsAllowed(string field, string path, string expected) =>
        Assert.Equal(
            [$"b.yaml:15: spec.metrics[0].provider.web.{path}: {expected}"],
            Manifest.Problems(Manifest.Rollout, Template + $"        {field}\n"));

    [Fact]
    public void Read_BodyBesideJsonBody_IsRefused() =>
        Assert.Equal(
            ["b.yaml:17: spec.metrics[0].provider.web.jsonBody: use either Body or JSONBody; both cannot exists for WebMetric payload"],
            Manifest.Problems(Manifest.Rollout, Template + "        method: POST\n        body: a\n        jsonBody: {a: b}\n"));

    [Fact]
    public void Read_TwoProviders_IsRefused() =>
        Assert.Equal(["b.yaml:7: spec.metrics[0]: multiple providers specified"], Manifest.Problems(Manifest.Rollout, Template.Replace("result.ok", "result[0] == 1", StringComparison.Ordinal) + Provider));

    [Fact]
    public void Read_AllFields_GivesQuery()
    {
        ReleaseReading reading = Manifest.Read(Manifest.Rollout, Template.Replace("  metrics:", "  args: [{name: token, valueFrom: {secretKeyRef: {name: s, key: k}}}, {name: svc, value: \"a b\\\"c\"}]\n  metrics:") + """
                    method: POST
                    timeoutSeconds: 20
                    jsonPath: "{$.data}"
                    headers: [{key: Authorization, value: "Bearer {{args.token}}"}]
                    jsonBody: {service: "{{args.svc}}", limit: 0.5, on: true, list: [1, null]}
                    authentication: {oauth2: {tokenUrl: http://tokens/, clientId: id, clientSecret: "{{args.token}}", scopes: [read]}}

            """);

        Assert.Empty(reading.Problems);
        WebQuery query = reading.Release!.Templates["error-rate"].Metrics[0].Web!;
        Assert.Equal(("POST", "http://service/value", 20, "{$.data}"), (query.Method, query.Url, query.TimeoutSeconds, query.JsonPath));
        Assert.Equal("""{"service":"{{args.svc}}","limit":0.5,"on":true,"list":[1,null]}""", query.JsonBody);
        Metric metric = Assert.Single(Rollouts.Analysis.Arguments.ArgumentResolution.Resolve([.. reading.Release.Templates.Values], [], null, null, []).Metrics!);
        Assert.Equal("""{"service":"a b\u0022c","limit":0.5,"on":true,"list":[1,null]}""", metric.Web!.JsonBody);
        Assert.Equal(
            ["provider.web.headers[0].value", "provider.web.authentication.oauth2.clientSecret"], metric.Secrets!.Fields);
    }

    [Theory]
    [InlineData("http://service/{{args.svc}}/v", "shop", "http://service/shop/v")]
    [InlineData("http://service/v?name={{args.svc}}&x=1", "a b&c=d", "http://service/v?name=a%20b%26c%3Dd&x=1")]
    [InlineData("{{args.svc}}", "http://service/v", "http://service/v")]
    [InlineData("http://service/{{args.svc}}", "../admin?x", null)]
    public void Resolve_ValueInAUrl_StaysOneValue(string url, string value, string? expected)
    {
        AnalysisTemplate template = new()
        {
            Name = "t",
            Args = [new("svc", value)],
            Metrics = [new MetricTemplate { Name = "m", Web = new WebQuery { Url = url } }],
        };

        Assert.Equal(expected, Rollouts.Analysis.Arguments.ArgumentResolution.Resolve([template], [], null, null, []).Metrics?[0].Web!.Url);
    }
}
