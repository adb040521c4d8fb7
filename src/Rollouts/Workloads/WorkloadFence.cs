namespace Rollouts.Workloads;

/// <summary>Orders the writes of rollouts to one workload; see <see cref="IWorkloadController.ApplyAsync"/>.</summary>
/// <param name="Owner">The id of the rollout that writes.</param>
/// <param name="Since">When the rollout that writes took the target.</param>
/// <param name="Revision">Grows with every new plan of the rollout, over all its attempts.</param>
public sealed record WorkloadFence(string Owner, DateTimeOffset Since, long Revision);
