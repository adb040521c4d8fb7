using System.Text.Json.Serialization;

namespace Rollouts.Policy;

/// <summary>When background analysis begins, once its <c>startingStep</c> is reached.</summary>
public sealed record BackgroundPolicy
{
    /// <summary>Default <see cref="BackgroundStart.CanaryTraffic"/>.</summary>
    public BackgroundStart StartOn { get; init; }

    /// <summary>How many requests the canary must have had before it begins; asked every 10 s. Null: none are counted.</summary>
    public RequestMinimum? AfterRequests { get; init; }
}

/// <summary>What background analysis waits for.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BackgroundStart>))]
public enum BackgroundStart
{
    /// <summary>That the cluster gives the canary a weight above 0: before that there is nothing to measure.</summary>
    CanaryTraffic,

    /// <summary>For nothing but the step, as Argo.</summary>
    StartingStep,
}
