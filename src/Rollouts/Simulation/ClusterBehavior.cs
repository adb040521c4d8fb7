using System.Text.Json.Serialization;

namespace Rollouts.Simulation;

/// <summary>How the cluster of a simulation behaves. The default obeys at once, and its pods take ten seconds.</summary>
public sealed record ClusterBehavior
{
    private const int MostVersionsAgo = 100;

    /// <summary>A cluster without surprises.</summary>
    public static ClusterBehavior Obedient { get; } = new();

    /// <summary>How long a pod takes to become available, in seconds. Default 10.</summary>
    public double PodStartupSeconds { get; init; } = 10;

    /// <summary>How many pods the stable version has, where the release does not say. Default 1.</summary>
    public int StableReplicas { get; init; } = 1;

    /// <summary>True when there is no stable version yet. Default false.</summary>
    public bool FirstDeployment { get; init; }

    /// <summary>
    /// For an undo: how many versions ago the release's version was the stable one; 0 says that it is so now. Null, the default: it never was.
    /// </summary>
    public int? VersionsAgo { get; init; }

    /// <summary>
    /// When the simulation starts, for freeze windows and business hours. Default 2000-01-01 00:00 UTC, a Saturday.
    /// </summary>
    public DateTimeOffset StartsAt { get; init; } = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>How many requests all users send, at first. Null, the default, tells only their share, and no minimum of requests is ever missed.</summary>
    public double? RequestsPerSecond { get; init; }

    /// <summary>When users begin to send more requests, or fewer. Default never.</summary>
    public IReadOnlyList<RequestChange> RequestChanges { get; init; } = [];

    /// <summary>What goes wrong, and when. Default nothing.</summary>
    public IReadOnlyList<SimulatedFault> Faults { get; init; } = [];

    /// <summary>What is not possible; null when all is.</summary>
    public string? Problem() =>
        !double.IsFinite(PodStartupSeconds) || PodStartupSeconds < 0 ? "podStartupSeconds must be 0 or more"
        : StableReplicas < 0 ? "stableReplicas must be 0 or more"
        : RequestsPerSecond is { } rate && (!double.IsFinite(rate) || rate < 0) ? "requestsPerSecond must be 0 or more"
        : VersionsAgo is < 0 or > MostVersionsAgo ? $"versionsAgo must be 0 to {MostVersionsAgo}"
        : StartsAt.Year is < 1990 or > 2500 ? "startsAt must be a time of the years 1990 to 2500"
        : RequestChanges.Select((c, i) => c.Problem() is { } problem ? $"requestChanges[{i}].{problem}" : null).FirstOrDefault(p => p is not null) is { } change ? change
        : RequestsPerSecond is null && RequestChanges.Count > 0 ? "requestChanges needs requestsPerSecond, for the time before"
        : Faults.Select((f, i) => f.Problem() is { } problem ? $"faults[{i}].{problem}" : null).FirstOrDefault(p => p is not null);
}

/// <summary>From some time on, another number of requests.</summary>
/// <param name="At">Seconds from the start.</param>
/// <param name="PerSecond">How many all users send from then on.</param>
public sealed record RequestChange(double At, double PerSecond)
{
    internal string? Problem() =>
        !double.IsFinite(At) || At < 0 ? "at must be seconds from the start"
        : !double.IsFinite(PerSecond) || PerSecond < 0 ? "perSecond must be 0 or more"
        : null;
}

/// <summary>Something that fails for a while.</summary>
public sealed record SimulatedFault
{
    /// <summary>Required. What fails.</summary>
    public required FaultyPart What { get; init; }

    /// <summary>Since when, in seconds from the start. Default 0.</summary>
    public double At { get; init; }

    /// <summary>For how long, in seconds. Default to the end.</summary>
    public double? For { get; init; }

    /// <summary>Default transient, which is tried again.</summary>
    public FailureKind Kind { get; init; } = FailureKind.Transient;

    /// <summary>What is said of it. Default <c>simulated fault</c>.</summary>
    public string Message { get; init; } = "simulated fault";

    internal bool IsAt(TimeSpan time) => time.TotalSeconds >= At && (For is not { } seconds || time.TotalSeconds < At + seconds);

    internal string? Problem() =>
        !double.IsFinite(At) || At < 0 ? "at must be seconds from the start"
        : For is { } seconds && (!double.IsFinite(seconds) || seconds < 0) ? "for must be seconds"
        : null;
}

/// <summary>What of a cluster may fail.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FaultyPart>))]
public enum FaultyPart
{
    /// <summary>Writing weights and routes.</summary>
    [JsonStringEnumMemberName("traffic")]
    Traffic,

    /// <summary>Looking at workloads and writing them.</summary>
    [JsonStringEnumMemberName("workload")]
    Workload,

    /// <summary>New pods: they do not become available while it lasts.</summary>
    [JsonStringEnumMemberName("pods")]
    Pods,

    /// <summary>Every query.</summary>
    [JsonStringEnumMemberName("metrics")]
    Metrics,
}
