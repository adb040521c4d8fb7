using System.Text.Json.Serialization;

namespace Rollouts;

/// <summary>A cluster, metric store or journal did not do what it was asked. The message is for a person and carries no secret.</summary>
public sealed class PortException : Exception
{
    public PortException(FailureKind kind, string message, Exception? inner = null)
        : base(message, inner) => Kind = kind;

    /// <summary>What kind of failure, which decides whether and when it is tried again.</summary>
    public FailureKind Kind { get; }

    /// <summary>With <see cref="FailureKind.Owned"/>: the id of the rollout that owns the target.</summary>
    public string? Owner { get; init; }

    /// <summary>How long whoever was asked wants to be left alone (<c>Retry-After</c>); null when it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

/// <summary>Kinds of failure of an effect.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FailureKind>))]
public enum FailureKind
{
    /// <summary>Time-outs, resets, 429, 5xx, conflicts that outlasted the retries: tried again soon.</summary>
    Transient,

    /// <summary>401 or 403: tried again, slower, because somebody may grant the right.</summary>
    Forbidden,

    /// <summary>An object that the release names is not there.</summary>
    NotFound,

    /// <summary>What the release asks for can't be done on what is there; trying again does not help.</summary>
    Invalid,

    /// <summary>Another rollout owns the target.</summary>
    Owned,

    /// <summary>A newer revision has been written; this effect is out of date and its failure of no consequence.</summary>
    Superseded,
}
