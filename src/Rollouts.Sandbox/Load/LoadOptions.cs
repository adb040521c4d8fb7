namespace Rollouts.Sandbox.Load;

/// <summary>What the load generator sends.</summary>
public sealed record LoadOptions
{
    /// <summary>Where requests go. Required.</summary>
    public required Uri Target { get; init; }

    /// <summary>The Host header. Default: the target's own.</summary>
    public string? Host { get; init; }

    /// <summary>Requests begun per second, whether or not earlier ones have been answered. Default: 200.</summary>
    public double RequestsPerSecond { get; init; } = 200;

    /// <summary>Requests open at once; beyond that they are not sent but counted as <see cref="LoadCounts.NotSent"/>. Default: 200.</summary>
    public int MaxInFlight { get; init; } = 200;

    /// <summary>Share of the requests that carry <see cref="InternalHeader"/>, 0 to 1. Default: 0.05.</summary>
    public double InternalShare { get; init; } = 0.05;

    /// <summary>Header and value that mark a request as the company's own. Default: <c>X-Internal: canary</c>.</summary>
    public (string Name, string Value) InternalHeader { get; init; } = ("X-Internal", "canary");

    /// <summary>After this much time it stops by itself. Default: 15 minutes.</summary>
    public TimeSpan MaxDuration { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a request may take before it counts as failed. Default: 10 seconds.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
