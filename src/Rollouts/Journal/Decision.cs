using System.Text.Json.Serialization;

namespace Rollouts.Journal;

/// <summary>What a person, or a system on somebody's behalf, wants of a rollout.</summary>
public sealed record Decision
{
    /// <summary>Required. Given by the caller; the same id again changes nothing.</summary>
    public required string Id { get; init; }

    public required Command Command { get; init; }

    /// <summary>Required. Who decided, as the channel knows them.</summary>
    public required string By { get; init; }

    /// <summary>Over which channel: <c>api</c>, <c>cli</c>, <c>slack</c>, <c>teams</c>, <c>dashboard</c>, <c>link</c>. Default <c>api</c>.</summary>
    public string Channel { get; init; } = "api";

    public required DateTimeOffset At { get; init; }

    /// <summary>Why, in the words of whoever decided. Default none.</summary>
    public string? Reason { get; init; }

    /// <summary>Who decided, where the channel vouches for them; null where it can't. Policies go by this, never by <see cref="By"/>.</summary>
    public Actor? Actor { get; init; }

    /// <summary>
    /// Why the channel did not let it through (a stranger, an expired link). Such a decision leaves its trace in the journal and does nothing else. Default null.
    /// </summary>
    public string? Refused { get; init; }

    /// <summary>
    /// With <see cref="Command.Retry"/>: the index of the step to begin at, from 0 to the one at which the rollout ended; what the steps before it asked for is
    /// in force again first. Null begins at step 0, as Argo does.
    /// </summary>
    public int? FromStep { get; init; }

    /// <summary>The question that this answers; a decision on a question that is no longer open is rejected. Null answers whatever is open.</summary>
    public string? Question { get; init; }
}

/// <summary>Commands. Abort works from every state.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Command>))]
public enum Command
{
    /// <summary>Answers the open question with yes, or skips the running step.</summary>
    [JsonStringEnumMemberName("promote")]
    Promote,

    /// <summary>Skips everything left and gives the canary all traffic.</summary>
    [JsonStringEnumMemberName("promote-full")]
    PromoteFull,

    /// <summary>Takes the canary's traffic away and ends the rollout.</summary>
    [JsonStringEnumMemberName("abort")]
    Abort,

    /// <summary>After an abort or a rollback: begins again at step 0, with fresh analysis.</summary>
    [JsonStringEnumMemberName("retry")]
    Retry,

    /// <summary>Holds the weight where it is; a running analysis goes on, and its failure still rolls back.</summary>
    [JsonStringEnumMemberName("pause")]
    Pause,

    /// <summary>Ends a pause by hand.</summary>
    [JsonStringEnumMemberName("resume")]
    Resume,

    /// <summary>Replaces the stable pods, at most <c>maxUnavailable</c> at a time; of a rollout that has ended, too.</summary>
    [JsonStringEnumMemberName("restart")]
    Restart,

    /// <summary>Ends the rollout for a newer one on the same target. Given by an engine, not by people.</summary>
    [JsonStringEnumMemberName("supersede")]
    Supersede,
}

/// <summary>A decision in its place in the journal.</summary>
/// <param name="Sequence">Grows within a rollout; the machine reads each once.</param>
/// <param name="Decision">The decision.</param>
public sealed record SequencedDecision(long Sequence, Decision Decision);
