using k8s.Models;

namespace Rollouts.Sandbox.Workloads;

/// <summary>What a pod's status says of it.</summary>
internal static class PodState
{
    public static bool IsReady(V1Pod pod) => pod.Status?.Conditions?.Any(c => c is { Type: "Ready", Status: "True" }) == true;

    /// <summary>The status of a pod whose containers run.</summary>
    public static V1PodStatus Ready { get; } = new()
    {
        Phase = "Running",
        PodIP = "127.0.0.1",
        Conditions = [new() { Type = "Ready", Status = "True" }, new() { Type = "ContainersReady", Status = "True" }],
    };
}
