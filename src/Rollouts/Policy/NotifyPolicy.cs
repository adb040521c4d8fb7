using System.Text.Json.Serialization;

namespace Rollouts.Policy;

/// <summary>Whom a release tells, over channels that the operator has set up; a release names them and nothing else.</summary>
public sealed record NotifyPolicy
{
    /// <summary>Names of channels. Default none: nobody is told.</summary>
    public IReadOnlyList<string> Channels { get; init; } = [];

    /// <summary>What is told. Default questions and outcomes.</summary>
    public IReadOnlyList<NotifyEvent> Events { get; init; } = [NotifyEvent.Question, NotifyEvent.Outcome];

    /// <summary>How often the channels are reminded of an open question. Default never.</summary>
    public TimeSpan? RemindEvery { get; init; }

    /// <summary>How long a question is open before others are told too. Default never.</summary>
    public TimeSpan? EscalateAfter { get; init; }

    /// <summary>Names of the channels that are told then. Required with <see cref="EscalateAfter"/>.</summary>
    public IReadOnlyList<string> EscalateTo { get; init; } = [];
}

/// <summary>What can be told.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NotifyEvent>))]
public enum NotifyEvent
{
    /// <summary>A rollout begins.</summary>
    Started,

    /// <summary>A person is asked.</summary>
    Question,

    /// <summary>A rollout has ended.</summary>
    Outcome,
}
