namespace Rollouts.Kubernetes.Workloads;

/// <summary>Labels and annotations by which this and others know a rollout's objects.</summary>
internal static class WorkloadLabels
{
    /// <summary>On pods and in selectors: <c>stable</c>, <c>canary</c>, or the side of an experiment.</summary>
    public const string Role = "rolloutfunctions/role";

    /// <summary>On pods: their revision, under the name that Argo gives it.</summary>
    public const string Hash = "rollouts-pod-template-hash";

    /// <summary>On pods, by Kubernetes: which ReplicaSet they are of.</summary>
    public const string ReplicaSetHash = "pod-template-hash";

    /// <summary>On a Deployment: the side of the experiment that it is.</summary>
    public const string Experiment = "rolloutfunctions/experiment";

    /// <summary>On a ConfigMap, a Secret or a pod template: <c>disabled</c> leaves its content, or all contents, out of the revision.</summary>
    public const string ConfigTracking = "rolloutfunctions/config-tracking";

    /// <summary>On a pod template, as <c>kubectl rollout restart</c> writes it.</summary>
    public const string RestartedAt = "kubectl.kubernetes.io/restartedAt";

    /// <summary>On a Deployment and its ReplicaSets, by Kubernetes: counts the changes of the template.</summary>
    public const string DeploymentRevision = "deployment.kubernetes.io/revision";

    public const string StableRole = "stable";

    public const string CanaryRole = "canary";
}
