using System.Text.Json.Serialization;
using Rollouts.Machine;
using Rollouts.Questions;

namespace Rollouts.Notifications;

/// <summary>
/// What one channel is to show of one thing, as the rollout remembers it until the channel shows its last form. What the post says is made anew from the
/// rollout each time; only what is gone from there stands here.
/// </summary>
public sealed record Notice
{
    /// <summary>Required. With the rollout and the channel the post's identity: <c>started.1</c>, <c>q1</c>, <c>q1.r2</c>, <c>q1.e</c>, <c>outcome.1</c>.</summary>
    public required string Key { get; init; }

    /// <summary>Required. The channel's name.</summary>
    public required string Channel { get; init; }

    /// <summary>Required.</summary>
    public required NoticeKind Kind { get; init; }

    /// <summary>Since when it is wanted in any form: the post can't be older.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Since when it is wanted in this form; null: since <see cref="Since"/>.</summary>
    public DateTimeOffset? WantedSince { get; init; }

    /// <summary>The question that it is about; null for a start or an outcome.</summary>
    public Question? Question { get; init; }

    /// <summary>How the question was closed; null while it is open.</summary>
    public QuestionEnd? End { get; init; }

    /// <summary>Which form the channel is to show, from 1.</summary>
    public int Wanted { get; init; } = 1;

    /// <summary>Which form it shows; 0 none.</summary>
    public int Shown { get; init; }

    /// <summary>What the channel calls the post; null where it has not been posted, or the channel gives no name.</summary>
    public string? MessageId { get; init; }

    /// <summary>Whether the post was ever begun: from then on it may be there, whatever is known.</summary>
    public bool Tried { get; init; }

    /// <summary>How often it was tried in vain.</summary>
    public int Failures { get; init; }

    /// <summary>When it is tried again; null at once.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>Whether the channel does not yet show what it is to show.</summary>
    [JsonIgnore]
    public bool IsPending => Shown < Wanted;
}

/// <summary>What a notice tells.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NoticeKind>))]
public enum NoticeKind
{
    /// <summary>A rollout begins.</summary>
    Started,

    /// <summary>A person is asked.</summary>
    Question,

    /// <summary>A question is still open.</summary>
    Reminder,

    /// <summary>A question is still open, and this channel had not been asked.</summary>
    Escalation,

    /// <summary>A rollout has ended.</summary>
    Outcome,
}
