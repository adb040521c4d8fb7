using static Rollouts.Manifests.Fields.KnownField;

namespace Rollouts.Manifests.Fields;

/// <summary>The fields of a Rollout above its steps (Argo: <c>pkg/apis/rollouts/v1alpha1/types.go</c>).</summary>
internal static class RolloutFields
{
    private const string Kind = "Rollout";

    public static FieldSet Document { get; } = CommonFields.Document(Kind);

    public static FieldSet Metadata { get; } = CommonFields.Metadata(Kind);

    public static FieldSet Spec { get; } = new(Kind, "spec",
    [
        Supported("strategy", "required; holds canary"),
        Supported("paused", "true or false; true starts the rollout paused by hand; default false"),
        Supported("template", "the pod template that is deployed; without it and workloadRef both versions are deployed by somebody else"),
        Supported("workloadRef", "the Deployment that holds the pod template"),
        Supported("selector", "required with template; holds matchLabels"),
        Supported("replicas", "a whole number from 0; default what the stable Deployment has, else 1"),
        Supported("minReadySeconds", "how long a pod must be ready before it counts as available; default 0"),
        Supported("revisionHistoryLimit", "how many former versions are kept, for undo and rollbackWindow; default 10"),
        Supported("progressDeadlineSeconds", "whole seconds from 1; how long pods may take to become available, or a change of traffic may fail; default 600"),
        Supported("progressDeadlineAbort", "true rolls back when pods did not become available in time; default false, which waits and says so"),
        Supported("rollbackWindow", "how far back a release may go without steps"),
        NoMeaning("restartAt", "the command restart does it"),
        NoMeaning("analysis", "the history of analysis runs is kept in the journal"),
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
        Supported("trafficRouting", "required; holds one router or several"),
        Supported("steps", $"a list of at most {StepFields.MostSteps} steps, each with one action; none goes straight to full weight"),
        Supported("analysis", "runs templates beside the steps; a failure at any moment rolls back"),
        Supported("maxSurge", "of the stable Deployment's update at promotion: a number or a percentage; default 25%"),
        Supported("maxUnavailable", "the same for pods that may be missing meanwhile, also at a restart; default 25%"),
        Supported("canaryMetadata", "labels and annotations for the canary's pods"),
        Supported("stableMetadata", "labels and annotations for the stable pods"),
        Supported("dynamicStableScale", "true shrinks the stable version as the canary grows; not with an autoscaler; default false"),
        Supported("minPodsPerReplicaSet", "how many pods a version has at least that has any; default no such floor"),
        Supported("replicaProgressThreshold", "how many of the canary's pods suffice to go on; default all of them"),
        Supported("scaleDownDelaySeconds", "how long the canary's pods stay after promotion; default 30"),
        Supported("abortScaleDownDelaySeconds", "how long they stay after an abort; 0 keeps them until the next release; default 30"),
        NoMeaning("scaleDownDelayRevisionLimit", "there is one canary at a time"),
        Refused("antiAffinity", "write the anti-affinity into the pod template"),
        Refused("pingPong", "the two services keep their roles; name them as canaryService and stableService"),
    ]);
}
