using static Rollouts.Manifests.Fields.KnownField;

namespace Rollouts.Manifests.Fields;

/// <summary>The fields of the objects that say what a Rollout runs (Argo: <c>pkg/apis/rollouts/v1alpha1/types.go</c>).</summary>
internal static class WorkloadFields
{
    private const string Kind = "Rollout";

    private const string Canary = "spec.strategy.canary";

    public static FieldSet Selector { get; } = new(Kind, "spec.selector",
    [
        Supported("matchLabels", "required; labels that the template carries"),
        Refused("matchExpressions", "a Service selects by labels only; write them as matchLabels"),
    ]);

    public static FieldSet Reference { get; } = new(Kind, "spec.workloadRef",
    [
        Supported("apiVersion", "apps/v1, which is the default"),
        Supported("kind", "Deployment, which is the default"),
        Supported("name", "required; the Deployment that holds the pod template; another name than the Rollout's, which the stable Deployment has"),
        Supported("scaleDown", "never, onsuccess or progressively; default never"),
    ]);

    public static FieldSet RollbackWindow { get; } = new(Kind, "spec.rollbackWindow",
    [
        Supported("revisions", "required; a whole number of 1 or more"),
    ]);

    public static FieldSet CanaryMetadata { get; } = Metadata("canaryMetadata");

    public static FieldSet StableMetadata { get; } = Metadata("stableMetadata");

    public static FieldSet ProgressThreshold { get; } = new(Kind, Canary + ".replicaProgressThreshold",
    [
        Supported("type", "required; Percent or Pods"),
        Supported("value", "required; pods, or per cent from 1 to 100 of those wanted"),
    ]);

    private static FieldSet Metadata(string name) => new(Kind, $"{Canary}.{name}",
    [
        Supported("labels", "labels for the pods; none that the selector names"),
        Supported("annotations", "annotations for the pods"),
    ]);
}
