using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Rollouts.Kubernetes.Requests;

namespace Rollouts.Kubernetes.Workloads;

/// <summary>Why a Deployment's pods do not come up, as far as the cluster says.</summary>
internal sealed class PodTroubles(IKubernetes kubernetes, KubernetesRequests requests)
{
    private const int LongestText = 200;
    private const int MostPods = 50;

    /// <summary>A container that is only starting.</summary>
    private static readonly string[] Ordinary = ["ContainerCreating", "PodInitializing"];

    /// <summary>Reasons whose message names images and objects; that of any other may repeat a command line, and a command line may hold a secret.</summary>
    private static readonly string[] Harmless = ["ImagePullBackOff", "ErrImagePull", "InvalidImageName", "CrashLoopBackOff", "CreateContainerConfigError"];

    /// <summary>Null when all is well or nothing is known.</summary>
    public async Task<string?> OfAsync(JsonObject deployment, CancellationToken cancellationToken)
    {
        if (deployment["spec"]?["paused"] is JsonValue paused && paused.TryGetValue(out bool isPaused) && isPaused)
        {
            return $"deployment `{deployment.Name()}` is paused (spec.paused): it replaces no pods";
        }

        if (DeploymentCounts.Available(deployment) >= DeploymentCounts.Desired(deployment))
        {
            return null;
        }

        if (Condition(deployment, "ReplicaFailure", "True") is { } refused)
        {
            return refused;
        }

        string selector = string.Join(',', PodTemplates.LabelsOf(PodTemplates.Of(deployment))
            .Where(l => l.Key is WorkloadLabels.Role or WorkloadLabels.Hash || deployment["spec"]?["selector"]?["matchLabels"]?[l.Key] is not null)
            .Select(l => $"{l.Key}={l.Value}"));
        V1PodList? pods = await requests.SendAsync(
            new("list", KubernetesResource.Pod, deployment.Namespace(), selector),
            limit => kubernetes.CoreV1.ListNamespacedPodWithHttpMessagesAsync(deployment.Namespace(), labelSelector: selector, limit: MostPods, cancellationToken: limit),
            cancellationToken).ConfigureAwait(false);
        return pods!.Items.Select(Of).FirstOrDefault(t => t is not null) ?? Condition(deployment, "Progressing", "False");
    }

    private static string? Of(V1Pod pod)
    {
        if (pod.Metadata.DeletionTimestamp is not null)
        {
            return null;
        }

        IEnumerable<V1ContainerStatus> containers = [.. pod.Status?.InitContainerStatuses ?? [], .. pod.Status?.ContainerStatuses ?? []];
        foreach (V1ContainerStatus container in containers)
        {
            if (container.State?.Waiting is { Reason.Length: > 0 } waiting && !Ordinary.Contains(waiting.Reason))
            {
                return Told(waiting.Reason, Harmless.Contains(waiting.Reason) ? waiting.Message : null);
            }
        }

        return pod.Status?.Conditions?.FirstOrDefault(c => c is { Type: "PodScheduled", Status: "False" }) is { } unscheduled
            ? Told(unscheduled.Reason, unscheduled.Message)
            : null;
    }

    private static string? Condition(JsonObject deployment, string type, string status) =>
        (deployment["status"]?["conditions"] as JsonArray ?? [])
            .OfType<JsonObject>()
            .Where(c => JsonObjectFields.Text(c["type"]) == type && JsonObjectFields.Text(c["status"]) == status)
            .Select(c => Told(JsonObjectFields.Text(c["reason"]) ?? type, JsonObjectFields.Text(c["message"])))
            .FirstOrDefault();

    private static string Told(string reason, string? message)
    {
        string text = string.IsNullOrEmpty(message) ? reason : $"{reason}: {message.ReplaceLineEndings(" ").Trim()}";
        return text.Length > LongestText ? text[..LongestText] + "…" : text;
    }
}
