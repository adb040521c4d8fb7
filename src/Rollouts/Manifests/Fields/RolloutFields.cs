using static Rollouts.Manifests.Fields.KnownField;

namespace Rollouts.Manifests.Fields;

/// <summary>The fields of a Rollout above its steps (Argo: <c>pkg/apis/rollouts/v1alpha1/types.go</c>).</summary>
internal static class RolloutFields
{
    private const string Kind = "Rollout";

    private const string OwnWorkloads = "the workloads are your own; the rollout only shifts traffic between two services";

    public static FieldSet Document { get; } = CommonFields.Document(Kind);

    public static FieldSet Metadata { get; } = CommonFields.Metadata(Kind);

    public static FieldSet Spec { get; } = new(Kind, "spec",
    [
        Supported("strategy", "required; holds canary"),
        Supported("paused", "true or false; true starts the rollout paused by hand; default false"),
        Supported("progressDeadlineSeconds", "whole seconds from 1; how long a change of traffic may fail before the rollout is rolled back; default 600"),
        NoMeaning("progressDeadlineAbort", "a rollout whose traffic can't be changed in time is always rolled back"),
        NoMeaning("replicas", OwnWorkloads),
        NoMeaning("selector", OwnWorkloads),
        NoMeaning("template", OwnWorkloads),
        NoMeaning("workloadRef", OwnWorkloads),
        NoMeaning("minReadySeconds", OwnWorkloads),
        NoMeaning("revisionHistoryLimit", OwnWorkloads),
        NoMeaning("restartAt", OwnWorkloads),
        NoMeaning("analysis", "the history of analysis runs is kept in the journal"),
        Refused("rollbackWindow", "every release goes through its steps; promote one in full by the command promote-full"),
    ]);

    public static FieldSet Strategy { get; } = new(Kind, "spec.strategy",
    [
        Supported("canary", "required"),
        Refused("blueGreen", "only canaries are run; a canary with the steps setWeight: 0, analysis, setWeight: 100 comes near to it"),
    ]);

    public static FieldSet Canary { get; } = new(Kind, "spec.strategy.canary",
    [
        Supported("canaryService", "required; the Service of the version that is tried"),
        Supported("stableService", "required; the Service of the version that users have now"),
        Supported("trafficRouting", "required; holds nginx"),
        Supported("steps", $"a list of at most {StepFields.MostSteps} steps, each with one action; none goes straight to full weight"),
        Refused("analysis", "background analysis is not run; put analysis steps between the weights"),
        Refused("maxSurge", OwnWorkloads),
        Refused("maxUnavailable", OwnWorkloads),
        Refused("canaryMetadata", OwnWorkloads),
        Refused("stableMetadata", OwnWorkloads),
        Refused("antiAffinity", OwnWorkloads),
        Refused("dynamicStableScale", OwnWorkloads),
        Refused("minPodsPerReplicaSet", OwnWorkloads),
        Refused("replicaProgressThreshold", OwnWorkloads),
        Refused("scaleDownDelaySeconds", OwnWorkloads),
        Refused("scaleDownDelayRevisionLimit", OwnWorkloads),
        Refused("abortScaleDownDelaySeconds", OwnWorkloads),
        Refused("pingPong", "the two services keep their roles; name them as canaryService and stableService"),
    ]);

    public static FieldSet TrafficRouting { get; } = new(Kind, "spec.strategy.canary.trafficRouting",
    [
        Supported("nginx", "required; ingress-nginx"),
        Supported("managedRoutes", "the names that setHeaderRoute steps may use; when not given, any name may be used"),
        Supported("maxTrafficWeight", "the weight at which the canary has all traffic, 100 or more; default 100"),
        .. new[] { "alb", "istio", "smi", "ambassador", "apisix", "appMesh", "traefik", "plugins" }
            .Select(router => Refused(router, "traffic is shifted by ingress-nginx only")),
    ]);

    public static FieldSet ManagedRoute { get; } = new(Kind, "spec.strategy.canary.trafficRouting.managedRoutes[]",
    [
        Supported("name", "required"),
    ]);

    public static FieldSet Nginx { get; } = new(Kind, "spec.strategy.canary.trafficRouting.nginx",
    [
        Supported("stableIngress", "the Ingress that routes to the stable service; either this or stableIngresses"),
        Supported("stableIngresses", "several of them, which all get the same weight"),
        Supported("annotationPrefix", "default nginx.ingress.kubernetes.io"),
        Supported("additionalIngressAnnotations", "annotations for the canary ingress; a key without the prefix gets it"),
        Supported("maxTrafficWeight", "the same as trafficRouting.maxTrafficWeight, where Argo has it"),
        Refused("canaryIngressAnnotations", "write them as additionalIngressAnnotations"),
    ]);
}
