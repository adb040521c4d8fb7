using System.Text.Json.Serialization;

namespace Rollouts.Policy;

/// <summary>What to do when somebody else has changed the traffic of a rollout's target.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DriftAction>))]
public enum DriftAction
{
    /// <summary>Put it back.</summary>
    Restore,

    /// <summary>Take it as if a step had set it, until the next one.</summary>
    Adopt,

    /// <summary>Begin no step and ask a person, whose promote adopts it.</summary>
    Ask,
}

/// <summary>A check, after each <c>setWeight</c>, of the share of requests that the canary really gets.</summary>
public sealed record WeightVerificationPolicy
{
    /// <summary>PromQL that counts the canary's requests over <see cref="Window"/>. Null, the default, takes the metrics of ingress-nginx.</summary>
    public string? Canary { get; init; }

    /// <summary>PromQL that counts all requests. Given together with <see cref="Canary"/>.</summary>
    public string? Total { get; init; }

    /// <summary>The Prometheus that is asked. Null, the default, is the operator's default address.</summary>
    public string? Address { get; init; }

    /// <summary>The time over which requests are counted; the first count waits as long. Default 1 minute.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>With fewer requests nothing is said. Default 100.</summary>
    public int MinimumRequests { get; init; } = 100;

    /// <summary>How long a share may be off, or unknown, before a person is asked; too few requests let the step go on then. Default 5 minutes.</summary>
    public TimeSpan For { get; init; } = TimeSpan.FromMinutes(5);
}
