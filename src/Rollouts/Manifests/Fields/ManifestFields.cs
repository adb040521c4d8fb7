namespace Rollouts.Manifests.Fields;

/// <summary>Every field that manifests are known to have, and what becomes of it. The readers go by this table.</summary>
public static class ManifestFields
{
    /// <summary>Argo's kinds.</summary>
    public const string ArgoApiVersion = "argoproj.io/v1alpha1";

    /// <summary>The kinds of this project.</summary>
    public const string OwnApiVersion = "rolloutfunctions/v1";

    /// <summary>All objects of all kinds, in reading order.</summary>
    public static IReadOnlyList<FieldSet> All { get; } =
    [
        RolloutFields.Document, RolloutFields.Metadata, RolloutFields.Spec, RolloutFields.Strategy, RolloutFields.Canary,
        WorkloadFields.Selector, WorkloadFields.Reference, WorkloadFields.RollbackWindow, WorkloadFields.CanaryMetadata, WorkloadFields.StableMetadata,
        WorkloadFields.ProgressThreshold,
        RoutingFields.TrafficRouting, RoutingFields.ManagedRoute, RoutingFields.Nginx, RoutingFields.Plugins, RoutingFields.GatewayApi,
        RoutingFields.GatewayRoute, RoutingFields.Istio, RoutingFields.VirtualService, RoutingFields.DestinationRule, RoutingFields.Traefik,
        RoutingFields.Alb, RoutingFields.Stickiness,
        BackgroundFields.Analysis,
        StepFields.Step, StepFields.CanaryScale, StepFields.Experiment, StepFields.ExperimentTemplate, StepFields.ExperimentMetadata,
        StepFields.ExperimentAnalysis, StepFields.Pause, StepFields.HeaderRoute, StepFields.HeaderMatch, StepFields.HeaderValue,
        StepFields.MirrorRoute, StepFields.MirrorMatch, StepFields.MirrorText,
        StepFields.Analysis, StepFields.TemplateReference, StepFields.Argument, StepFields.ValueFrom, StepFields.FieldRef, StepFields.DryRun, StepFields.Retention,
        TemplateFields.Document, TemplateFields.Metadata, TemplateFields.Spec, TemplateFields.Argument, TemplateFields.ValueFrom, TemplateFields.SecretKey, TemplateFields.FieldRef,
        TemplateFields.Nested, TemplateFields.DryRun, TemplateFields.Retention, TemplateFields.Metric,
        TemplateFields.Provider, TemplateFields.Prometheus, TemplateFields.RangeQuery, TemplateFields.Authentication, TemplateFields.BasicAuth,
        TemplateFields.OAuth2, TemplateFields.Web, TemplateFields.WebAuthentication, TemplateFields.Header,
        PolicyFields.Document, PolicyFields.Metadata, PolicyFields.Spec, PolicyFields.Unclear, PolicyFields.Question, PolicyFields.Minimum, PolicyFields.Metric,
        PolicyFields.Schedule, PolicyFields.Hours, PolicyFields.Freeze, PolicyFields.Background, PolicyFields.WeightVerification, PolicyFields.Bake,
        PolicyFields.Approval, PolicyFields.Approvers, PolicyFields.Notify, PolicyFields.Escalate,
    ];
}
