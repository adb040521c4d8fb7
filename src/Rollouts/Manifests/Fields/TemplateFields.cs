using static Rollouts.Manifests.Fields.KnownField;

namespace Rollouts.Manifests.Fields;

/// <summary>The fields of an AnalysisTemplate or ClusterAnalysisTemplate (Argo: <c>pkg/apis/rollouts/v1alpha1/analysis_types.go</c>).</summary>
internal static class TemplateFields
{
    /// <summary>How many metrics one analysis may have.</summary>
    public const int MostMetrics = FieldReader.MostItems;

    private const string Kind = "AnalysisTemplate";

    public static FieldSet Document { get; } = CommonFields.Document(Kind);

    public static FieldSet Metadata { get; } = CommonFields.Metadata(Kind);

    public static FieldSet Spec { get; } = new(Kind, "spec",
    [
        Supported("args", "the arguments that the metrics use as {{args.NAME}}"),
        Supported("metrics", $"required; 1 to {MostMetrics} metrics"),
        Supported("dryRun", "metrics whose verdict does not count"),
        Supported("measurementRetention", "how many measurements of a metric are shown; the journal has all of them"),
        Supported("templates", "templates whose metrics are added to these"),
    ]);

    public static FieldSet Argument { get; } = new(Kind, "spec.args[]",
    [
        Supported("name", "required"),
        Supported("value", "the default, a text; without it the step has to give one"),
        Supported("valueFrom", "holds secretKeyRef or fieldRef"),
    ]);

    public static FieldSet ValueFrom { get; } = new(Kind, "spec.args[].valueFrom",
    [
        Supported("secretKeyRef", "a key of a Secret in the rollout's namespace, read when a measurement is taken and shown nowhere"),
        Supported("fieldRef", "a field of the Rollout"),
    ]);

    public static FieldSet SecretKey { get; } = new(Kind, "spec.args[].valueFrom.secretKeyRef",
    [
        Supported("name", "required; the Secret"),
        Supported("key", "required"),
    ]);

    public static FieldSet FieldRef { get; } = new(Kind, "spec.args[].valueFrom.fieldRef",
    [
        Supported("fieldPath", "required; for instance metadata.labels['team'] or spec.replicas"),
    ]);

    public static FieldSet Nested { get; } = new(Kind, "spec.templates[]",
    [
        Supported("templateName", "required"),
        Supported("clusterScope", "true for a ClusterAnalysisTemplate; default false"),
    ]);

    public static FieldSet Retention { get; } = new(Kind, "spec.measurementRetention[]",
    [
        Supported("metricName", "required; a metric's name, or an unanchored regular expression"),
        Supported("limit", "required; 0 to 50, 0 for the default of ten"),
    ]);

    public static FieldSet DryRun { get; } = new(Kind, "spec.dryRun[]",
    [
        Supported("metricName", "required; a metric's name, or an unanchored regular expression"),
    ]);

    public static FieldSet Metric { get; } = new(Kind, "spec.metrics[]",
    [
        Supported("name", "required, unique"),
        Supported("interval", "a Go duration, from the end of one measurement to the start of the next; without it one measurement is taken"),
        Supported("initialDelay", "a Go duration, from the start of the run to the first measurement"),
        Supported("count", "how many measurements; without it one when there is no interval, otherwise no end"),
        Supported("successCondition", "an expression over result"),
        Supported("failureCondition", "an expression over result; wins over the success condition"),
        Supported("failureLimit", "the metric fails when more measurements than this have; default 0, -1 switches it off"),
        Supported("inconclusiveLimit", "the metric is inconclusive when more measurements than this were; default 0"),
        Supported("consecutiveErrorLimit", "the metric errs when more measurements than this did in a row; default 4"),
        Supported("consecutiveSuccessLimit", "the metric succeeds when so many measurements in a row did; default 0, off"),
        Supported("provider", "required; holds prometheus or web"),
    ]);

    public static FieldSet Provider { get; } = new(Kind, "spec.metrics[].provider",
    [
        Supported("prometheus", "Prometheus, or what answers its query API; either this or web"),
        Supported("web", "a service that answers with JSON"),
        Refused("job", "no Job is started in the cluster; measure what it would by Prometheus or by a web service"),
        Refused("kayenta", "no Kayenta is asked; compare with the stable version in a query"),
        Refused("plugin", "there are no metric plugins; put a web service before the source"),
        .. new[] { "datadog", "wavefront", "newRelic", "cloudWatch", "graphite", "influxdb", "skywalking" }
            .Select(provider => Refused(provider, "metrics come from Prometheus, or from the web provider, which can ask this one's HTTP API")),
    ]);

    public static FieldSet Prometheus { get; } = new(Kind, "spec.metrics[].provider.prometheus",
    [
        Supported("address", "an http or https URL that the operator allows; without it the operator's default"),
        Supported("query", "required; PromQL"),
        Supported("timeout", "seconds for one query, 0 to 600; default 30"),
        Supported("headers", "sent with the query, for instance X-Scope-OrgID"),
        Supported("rangeQuery", "asks for a span of time; the values of all series stand one after the other"),
        Supported("insecure", "true takes any certificate, where the operator allows that; default false"),
        Supported("authentication", "who asks; by secrets only"),
    ]);

    public static FieldSet RangeQuery { get; } = new(Kind, "spec.metrics[].provider.prometheus.rangeQuery",
    [
        Supported("start", "required; an expression that gives a time, such as now() - duration(\"1h\")"),
        Supported("end", "required; the same"),
        Supported("step", "required; a Go duration"),
    ]);

    public static FieldSet Authentication { get; } = new(Kind, "spec.metrics[].provider.prometheus.authentication",
    [
        Supported("basicAuth", "user name and password"),
        Supported("oauth2", "client credentials"),
        Refused("sigv4", "no AWS credentials are at hand; put a signing proxy before the workspace"),
    ]);

    public static FieldSet BasicAuth { get; } = new(Kind, "spec.metrics[].provider.prometheus.authentication.basicAuth",
    [
        Supported("username", "required"),
        Supported("password", "required; {{args.NAME}} of an argument from a Secret; a literal one, which Argo takes, is refused"),
    ]);

    public static FieldSet OAuth2 { get; } = new(Kind, "spec.metrics[].provider.{prometheus,web}.authentication.oauth2",
    [
        Supported("tokenUrl", "required; one of the operator's token addresses"),
        Supported("clientId", "required"),
        Supported("clientSecret", "required; {{args.NAME}} of an argument from a Secret; a literal one, which Argo takes, is refused"),
        Supported("scopes", "a list of texts; default none"),
    ]);

    public static FieldSet Web { get; } = new(Kind, "spec.metrics[].provider.web",
    [
        Supported("url", "required; an http or https URL below an address that the operator allows; a parameter such as api_key takes its value from a Secret"),
        Supported("method", "GET, POST or PUT; default GET"),
        Supported("headers", "sent with the request; credentials by secrets only"),
        Supported("body", "a text, with POST or PUT; not together with jsonBody"),
        Supported("jsonBody", "JSON, with POST or PUT"),
        Supported("timeoutSeconds", "seconds for one request, 0 to 600; default 10"),
        Supported("jsonPath", "which part of the answer is the result, such as {$.data.ok}; default the whole"),
        Supported("insecure", "true takes any certificate, where the operator allows that; default false"),
        Supported("authentication", "holds oauth2"),
    ]);

    public static FieldSet WebAuthentication { get; } = new(Kind, "spec.metrics[].provider.web.authentication",
    [
        Supported("oauth2", "client credentials"),
        Refused("basicAuth", "Argo's web provider does not read it; send an Authorization header from a Secret"),
        Refused("sigv4", "no AWS credentials are at hand"),
    ]);

    public static FieldSet Header { get; } = new(Kind, "spec.metrics[].provider.{prometheus,web}.headers[]",
    [
        Supported("key", "required"),
        Supported("value", "required; that of a credential (Authorization, Cookie, X-Api-Key, ...-Token and the like) by {{args.NAME}} of an argument from a Secret; a literal one, which Argo takes, is refused"),
    ]);
}
