namespace Rollouts.Kubernetes.Workloads;

/// <summary>Something that decides how many pods a Deployment has.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Least">The fewest pods that it lets the Deployment have.</param>
internal sealed record Autoscaler(string Name, int Least);
