using Rollouts.Kubernetes.Tests.Clusters;

[assembly: AssemblyFixture(typeof(SandboxCluster))]
[assembly: AssemblyFixture(typeof(RealCluster))]
[assembly: AssemblyFixture(typeof(WorkloadCluster))]
[assembly: AssemblyFixture(typeof(SandboxWorkloadCluster))]
