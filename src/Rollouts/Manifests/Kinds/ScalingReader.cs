using Rollouts.Manifests.Fields;
using Rollouts.Workloads;

namespace Rollouts.Manifests.Kinds;

/// <summary>Reads how a Rollout sizes its versions and how long it keeps them.</summary>
internal static class ScalingReader
{
    public static ScalingRules Read(FieldReader spec, FieldReader? canary)
    {
        var rules = new ScalingRules
        {
            RollbackWindow = ReadWindow(spec),
            AbortOnProgressDeadline = spec.Flag("progressDeadlineAbort") ?? false,
        };
        if (canary is null)
            return rules;
        bool dynamic = canary.Flag("dynamicStableScale") ?? false;
        if (dynamic && canary.Has("scaleDownDelaySeconds"))
            canary.Problems.Error(canary.At("dynamicStableScale"), "Canary dynamicStableScale cannot be used with scaleDownDelaySeconds; remove one of them");
        return rules with
        {
            DynamicStableScale = dynamic,
            MinPodsPerReplicaSet = (int?)canary.Integer("minPodsPerReplicaSet", 1, int.MaxValue),
            ScaleDownDelay = Seconds(canary, "scaleDownDelaySeconds") ?? rules.ScaleDownDelay,
            AbortScaleDownDelay = Seconds(canary, "abortScaleDownDelaySeconds") ?? rules.AbortScaleDownDelay,
            ProgressThreshold = ReadThreshold(canary),
        };
    }

    private static int ReadWindow(FieldReader spec)
    {
        if (spec.Object("rollbackWindow", WorkloadFields.RollbackWindow) is not { } window)
            return 0;
        window.Require("revisions", "how many revisions back a release may go without steps");
        return (int)(window.Integer("revisions", 1, int.MaxValue) ?? 0);
    }

    private static ReplicaThreshold? ReadThreshold(FieldReader canary)
    {
        if (canary.Object("replicaProgressThreshold", WorkloadFields.ProgressThreshold) is not { } threshold)
            return null;
        threshold.Require("type", "Percent or Pods");
        threshold.Require("value", "how many of them suffice");
        ReplicaThresholdKind? kind = threshold.Choice("type", [("Percent", ReplicaThresholdKind.Percent), ("Pods", ReplicaThresholdKind.Pods)]);
        long? value = threshold.Integer("value", 1, kind == ReplicaThresholdKind.Percent ? 100 : int.MaxValue);
        return kind is null || value is null ? null : new ReplicaThreshold(kind.Value, (int)value);
    }

    private static TimeSpan? Seconds(FieldReader canary, string field) =>
        canary.Integer(field, 0, int.MaxValue) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
}
