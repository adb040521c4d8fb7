namespace Rollouts.Kubernetes.Tests.Clusters;

/// <summary>A cluster whose Deployments bring pods: by their image they become ready, fail, or are held back.</summary>
public interface IWorkloadCluster : ITestCluster
{
    /// <summary>Lets the held pods of a namespace become ready, those to come included.</summary>
    void LetGo(string @namespace);
}
