using static Rollouts.Manifests.Fields.KnownField;

namespace Rollouts.Manifests.Fields;

/// <summary>The fields of an AnalysisTemplate or ClusterAnalysisTemplate (Argo: <c>pkg/apis/rollouts/v1alpha1/analysis_types.go</c>).</summary>
internal static class TemplateFields
{
    /// <summary>How many metrics one analysis may have.</summary>
    public const int MostMetrics = FieldReader.MostItems;

    private const string Kind = "AnalysisTemplate";

    private const string OperatorsPart = "credentials and certificates belong to the operator's configuration of the address, not to a template";

    public static FieldSet Document { get; } = CommonFields.Document(Kind);

    public static FieldSet Metadata { get; } = CommonFields.Metadata(Kind);

    public static FieldSet Spec { get; } = new(Kind, "spec",
    [
        Supported("args", "the arguments that the metrics use as {{args.NAME}}"),
        Supported("metrics", $"required; 1 to {MostMetrics} metrics"),
        Supported("dryRun", "metrics whose verdict does not count"),
        NoMeaning("measurementRetention", "the last ten measurements of a metric are kept, and all of them in the journal"),
        Refused("templates", "templates are not nested; name each of them in the analysis step"),
    ]);

    public static FieldSet Argument { get; } = new(Kind, "spec.args[]",
    [
        Supported("name", "required"),
        Supported("value", "the default, a text; without it the step has to give one"),
        Refused("valueFrom", "no secrets or fields are read for an analysis; let the step give the value"),
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
        Supported("provider", "required; holds prometheus"),
    ]);

    public static FieldSet Provider { get; } = new(Kind, "spec.metrics[].provider",
    [
        Supported("prometheus", "required"),
        .. new[] { "kayenta", "web", "datadog", "wavefront", "newRelic", "job", "cloudWatch", "graphite", "influxdb", "skywalking", "plugin" }
            .Select(provider => Refused(provider, "metrics come from Prometheus, or from what answers its query API")),
    ]);

    public static FieldSet Prometheus { get; } = new(Kind, "spec.metrics[].provider.prometheus",
    [
        Supported("address", "an http or https URL that the operator allows; without it the operator's default"),
        Supported("query", "required; PromQL"),
        Supported("timeout", "seconds for one query, 0 to 600; default 30"),
        Supported("headers", "sent with the query, for instance X-Scope-OrgID"),
        Refused("rangeQuery", "only instant queries are made; use a subquery or a range function in PromQL"),
        Refused("insecure", OperatorsPart),
        Refused("authentication", OperatorsPart),
    ]);

    public static FieldSet Header { get; } = new(Kind, "spec.metrics[].provider.prometheus.headers[]",
    [
        Supported("key", "required; not Authorization, Proxy-Authorization or Cookie"),
        Supported("value", "required"),
    ]);
}
