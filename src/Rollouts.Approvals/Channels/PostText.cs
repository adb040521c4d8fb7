using Rollouts.Machine;
using Rollouts.Notifications;

namespace Rollouts.Approvals.Channels;

/// <summary>What a post says, whatever channel it is in.</summary>
internal static class PostText
{
    /// <summary>One line: what this is about.</summary>
    public static string Title(NoticePost post) => post switch
    {
        { Kind: NoticeKind.Started } => $"Rollout of {Name(post)} has started",
        { Kind: NoticeKind.Outcome, Outcome: { } outcome } => $"Rollout of {Name(post)}: {Outcome(outcome)}",
        { End: not null } => $"Rollout of {Name(post)}: question {post.Question!.Id} is closed",
        { Kind: NoticeKind.Reminder } => $"Reminder: rollout of {Name(post)} waits for an answer",
        { Kind: NoticeKind.Escalation } => $"Rollout of {Name(post)} has had no answer so far",
        _ => $"Rollout of {Name(post)} asks: go on?",
    };

    /// <summary>What is asked, or how it ended.</summary>
    public static string Body(NoticePost post) => post switch
    {
        { End: { } end } => $"{Capital(end.Message)} at {end.At.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC. It was asked: {post.Question!.Message}",
        { Question: { } question } => Kind(question.Kind) is { } kind ? $"{kind}: {question.Message}" : Capital(question.Message),
        _ => post.Message ?? "",
    };

    /// <summary>Whether a post asks something that can still be answered.</summary>
    public static bool Asks(NoticePost post) => post is { Question: not null, End: null };

    private static string Name(NoticePost post) => $"{post.Namespace}/{post.Name}";

    /// <summary>What the message itself does not say; null where it says all.</summary>
    private static string? Kind(QuestionKind kind) => kind switch
    {
        QuestionKind.Pause => "The release pauses here until somebody decides",
        QuestionKind.Inconclusive => "The analysis is neither good nor bad",
        QuestionKind.NoData => "There is no data",
        QuestionKind.Error => "Measurements can't be taken",
        QuestionKind.Drift => null,
        QuestionKind.Share => "The canary does not get the share that its weight asks for",
        _ => kind.ToString(),
    };

    private static string Outcome(RolloutOutcome outcome) => outcome switch
    {
        RolloutOutcome.Promoted => "promoted",
        RolloutOutcome.RolledBack => "rolled back by analysis",
        RolloutOutcome.Aborted => "aborted",
        RolloutOutcome.Superseded => "superseded by a newer release",
        RolloutOutcome.FastRolledBack => "back to a former version",
        RolloutOutcome.Invalid => "could not begin",
        _ => outcome.ToString(),
    };

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
