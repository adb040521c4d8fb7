namespace Rollouts;

/// <summary>A namespace of a cluster.</summary>
/// <param name="Name">The namespace.</param>
/// <param name="Cluster">The cluster, by the name that the operator gave it. Null, the default, is the one that serves the namespace.</param>
public sealed record ClusterNamespace(string Name, string? Cluster = null)
{
    public override string ToString() => Cluster is null ? Name : $"{Cluster}:{Name}";
}
