using Rollouts.Kubernetes.Tests.Clusters;

namespace Rollouts.Kubernetes.Tests.Workloads;

/// <summary>On the stand-in of the sandbox.</summary>
public sealed class SandboxWorkloadReaderTests(SandboxCluster cluster) : WorkloadReaderContract(cluster);

/// <summary>On the real server.</summary>
public sealed class RealWorkloadReaderTests(RealCluster cluster) : WorkloadReaderContract(cluster);
