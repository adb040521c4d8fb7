using static Rollouts.Manifests.Fields.KnownField;

namespace Rollouts.Manifests.Fields;

/// <summary>The fields of a canary's steps (Argo: <c>pkg/apis/rollouts/v1alpha1/types.go</c>).</summary>
internal static class StepFields
{
    /// <summary>How many steps a canary may have.</summary>
    public const int MostSteps = 200;

    private const string Kind = "Rollout";

    private const string Path = "spec.strategy.canary.steps[]";

    public static FieldSet Step { get; } = new(Kind, Path,
    [
        Supported("setWeight", "a whole number from 0 to the greatest weight"),
        Supported("pause", "an object; {} waits for a person"),
        Supported("analysis", "runs templates to a verdict"),
        Beyond("setHeaderRoute", "sends requests with a header to the canary, whatever its weight; in Argo not on ingress-nginx"),
        Supported("setMirrorRoute", "copies requests to the canary, with Istio or the Gateway API"),
        Supported("setCanaryScale", "sizes the canary without a change of its traffic; with template or workloadRef"),
        Supported("experiment", "starts pods of both versions beside the rollout and measures them; with template or workloadRef"),
        Refused("plugin", "there are no step plugins"),
        Refused("replicaProgressThreshold", "it is no step in Argo's code; write it as spec.strategy.canary.replicaProgressThreshold"),
    ]);

    public static FieldSet CanaryScale { get; } = new(Kind, Path + ".setCanaryScale",
    [
        Supported("replicas", "so many pods"),
        Supported("weight", "as many pods as traffic of this weight would need"),
        Supported("matchTrafficWeight", "true: as many as the traffic needs, which is how a rollout begins"),
    ]);

    public static FieldSet Experiment { get; } = new(Kind, Path + ".experiment",
    [
        Supported("templates", "required; the sides, each a number of pods of one of the two versions"),
        Supported("duration", "how long it runs once its pods are available; without it until the required analyses are done"),
        Supported("analyses", "what is measured meanwhile"),
        Supported("dryRun", "metrics whose verdict does not count"),
        NoMeaning("analysisRunMetadata", "there is no AnalysisRun object that it could be put on"),
        NoMeaning("scaleDownDelaySeconds", "its pods get no users' requests, so they are taken away at once"),
    ]);

    public static FieldSet ExperimentTemplate { get; } = new(Kind, Path + ".experiment.templates[]",
    [
        Supported("name", "required; unique, a DNS-1123 label"),
        Supported("specRef", "required; canary or stable"),
        Supported("replicas", "a whole number of 1 or more; default 1"),
        Supported("metadata", "labels and annotations for its pods"),
        Refused("weight", "the pods of an experiment get no users' requests; use setWeight"),
        Refused("service", "the pods of an experiment get no users' requests; measure them by their labels"),
        Refused("selector", "the selector is made here, so that it overlaps with no other"),
    ]);

    public static FieldSet ExperimentMetadata { get; } = new(Kind, Path + ".experiment.templates[].metadata",
    [
        Supported("labels", "labels for the pods; none that the selector names"),
        Supported("annotations", "annotations for the pods"),
    ]);

    public static FieldSet ExperimentAnalysis { get; } = new(Kind, Path + ".experiment.analyses[]",
    [
        Supported("name", "required; unique"),
        Supported("templateName", "required; a template of the release"),
        Supported("clusterScope", "true for a ClusterAnalysisTemplate; default false"),
        Supported("args", "values for the template's arguments"),
        Supported("requiredForCompletion", "true: the experiment ends once it and the others that are required have succeeded; default false"),
    ]);

    public static FieldSet Pause { get; } = new(Kind, Path + ".pause",
    [
        Supported("duration", "whole seconds (10 or \"10\") or a Go duration (\"5m\", \"1h30m\"); without it a person decides"),
    ]);

    public static FieldSet HeaderRoute { get; } = new(Kind, Path + ".setHeaderRoute",
    [
        Supported("name", "required; one of managedRoutes when these are given"),
        Supported("match", "the headers to compare; none removes the route"),
    ]);

    public static FieldSet HeaderMatch { get; } = new(Kind, Path + ".setHeaderRoute.match[]",
    [
        Supported("headerName", "required"),
        Supported("headerValue", "required; exactly one of exact, prefix, regex"),
    ]);

    public static FieldSet HeaderValue { get; } = new(Kind, Path + ".setHeaderRoute.match[].headerValue",
    [
        Supported("exact", "the whole value"),
        Supported("prefix", "its beginning"),
        Supported("regex", "an expression that the whole value matches"),
    ]);

    public static FieldSet MirrorRoute { get; } = new(Kind, Path + ".setMirrorRoute",
    [
        Supported("name", "required; one of managedRoutes when these are given"),
        Supported("match", "requests of any of these are copied; none removes the route"),
        Supported("percentage", "how many of them, 0 to 100; default 100"),
    ]);

    public static FieldSet MirrorMatch { get; } = new(Kind, Path + ".setMirrorRoute.match[]",
    [
        Supported("method", "an object with exact, prefix or regex"),
        Supported("path", "the same"),
        Supported("headers", "the same for each header name"),
    ]);

    public static FieldSet MirrorText { get; } = new(Kind, Path + ".setMirrorRoute.match[].{method,path,headers.*}",
    [
        Supported("exact", "the whole text"),
        Supported("prefix", "its beginning"),
        Supported("regex", "an expression that the whole text matches"),
    ]);

    public static FieldSet Analysis { get; } = new(Kind, Path + ".analysis",
    [
        Supported("templates", "required; the templates whose metrics make up the run"),
        Supported("args", "values for the templates' arguments"),
        Supported("dryRun", "metrics whose verdict does not count"),
        Supported("measurementRetention", "how many measurements of a metric are shown; the journal has all of them"),
        NoMeaning("analysisRunMetadata", "there is no AnalysisRun object that it could be put on"),
    ]);

    public static FieldSet TemplateReference { get; } = new(Kind, Path + ".analysis.templates[]",
    [
        Supported("templateName", "required; a template of the same release"),
        Supported("clusterScope", "true for a ClusterAnalysisTemplate; default false"),
    ]);

    public static FieldSet Argument { get; } = new(Kind, Path + ".analysis.args[]",
    [
        Supported("name", "required"),
        Supported("value", "a text; either this or valueFrom"),
        Supported("valueFrom", "holds podTemplateHashValue or fieldRef"),
    ]);

    public static FieldSet ValueFrom { get; } = new(Kind, Path + ".analysis.args[].valueFrom",
    [
        Supported("podTemplateHashValue", "Stable or Latest"),
        Supported("fieldRef", "a field of this Rollout"),
        Refused("secretKeyRef", "a template names its secrets itself, as in Argo: write it into the template's args"),
    ]);

    public static FieldSet FieldRef { get; } = new(Kind, Path + ".analysis.args[].valueFrom.fieldRef",
    [
        Supported("fieldPath", "required; for instance metadata.labels['team'] or spec.replicas"),
    ]);

    public static FieldSet Retention { get; } = new(Kind, Path + ".analysis.measurementRetention[]",
    [
        Supported("metricName", "required; a metric's name, or an unanchored regular expression"),
        Supported("limit", "required; 0 to 50, 0 for the default of ten"),
    ]);

    public static FieldSet DryRun { get; } = new(Kind, Path + ".analysis.dryRun[]",
    [
        Supported("metricName", "required; a metric's name, or an unanchored regular expression"),
    ]);
}
