namespace Rollouts.Kubernetes.Traffic;

/// <summary>How a <see cref="KubernetesRouter"/> deals with its API server.</summary>
public sealed record KubernetesRouterOptions
{
    /// <summary>The name that a release may call this cluster by. Null, the default: a release that names its cluster is refused.</summary>
    public string? Cluster { get; init; }

    /// <summary>How long one request may take. Default 10 s.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often one write is tried when others change the object in between. Default 12, which takes about 2 s.</summary>
    public int ConflictAttempts { get; init; } = 12;

    /// <summary>
    /// How long a data plane that reports what it has taken may take for it before the write counts as not done, and is tried again later. Default 5 s.
    /// </summary>
    public TimeSpan AcceptanceTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A random number from 0 to 1 that spreads the retries of several writers. Default the shared random source.</summary>
    public Func<double> Jitter { get; init; } = Random.Shared.NextDouble;
}
