using System.Text.Json.Serialization;

namespace Rollouts.Questions;

/// <summary>How a question was closed.</summary>
/// <param name="Id">The question.</param>
/// <param name="Ending">How.</param>
/// <param name="By">Who answered it; null when nobody did.</param>
/// <param name="At">When.</param>
/// <param name="Message">For a person, for instance <c>rolled back by jo: too slow</c>.</param>
public sealed record QuestionEnd(string Id, QuestionEnding Ending, string? By, DateTimeOffset At, string Message)
{
    /// <summary>For whoever answers too late, for instance <c>already rolled back by jo at 12:03:04 UTC</c>.</summary>
    public override string ToString() => $"already {Message} at {At.UtcDateTime:HH:mm:ss} UTC";
}

/// <summary>Ways in which a question is closed.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<QuestionEnding>))]
public enum QuestionEnding
{
    /// <summary>Somebody let the rollout go on.</summary>
    Promoted,

    /// <summary>Somebody rolled it back.</summary>
    Aborted,

    /// <summary>Data came back.</summary>
    Withdrawn,

    /// <summary>Nobody answered in time; the policy did.</summary>
    Expired,

    /// <summary>The rollout went another way: it failed, or another question took its place.</summary>
    Superseded,
}
