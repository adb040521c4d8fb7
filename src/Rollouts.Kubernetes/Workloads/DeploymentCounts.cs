using System.Text.Json.Nodes;
using Rollouts.Kubernetes.Requests;

namespace Rollouts.Kubernetes.Workloads;

/// <summary>What a Deployment's status counts.</summary>
internal static class DeploymentCounts
{
    public static int Desired(JsonObject deployment) => deployment["spec"]?["replicas"] is { } replicas ? (int)JsonObjectFields.Number(replicas) : 1;

    public static int Available(JsonObject deployment) => Count(deployment, "availableReplicas");

    /// <summary>A count of the status; 0 when it is not there.</summary>
    public static int Count(JsonObject deployment, string field) => (int)JsonObjectFields.Number(deployment["status"]?[field]);

    /// <summary>Whether the status is that of the Deployment as it now is.</summary>
    public static bool IsObserved(JsonObject deployment) =>
        JsonObjectFields.Number(deployment["status"]?["observedGeneration"]) >= deployment.Generation() && deployment["status"]?["observedGeneration"] is not null;
}
