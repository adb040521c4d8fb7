using k8s.Models;

namespace Rollouts.Sandbox.Workloads;

/// <summary>Runs what is in pods.</summary>
public interface IPodRuntime
{
    /// <summary>Starts a pod and answers with its status, once it is ready or is known not to become so.</summary>
    Task<V1PodStatus> StartAsync(V1Pod pod, CancellationToken cancellationToken);
}
