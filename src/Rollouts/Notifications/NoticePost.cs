using Rollouts.Machine;
using Rollouts.Questions;

namespace Rollouts.Notifications;

/// <summary>
/// Everything that a channel needs to show a notice. Absolute: posting it when the channel shows it already changes nothing.
/// </summary>
public sealed record NoticePost
{
    /// <summary>See <see cref="Notice.Key"/>.</summary>
    public required string Key { get; init; }

    public required string Channel { get; init; }

    public required NoticeKind Kind { get; init; }

    /// <summary>Which form, from 1.</summary>
    public required int Version { get; init; }

    /// <summary>The post to bring up to date; null to post it.</summary>
    public string? MessageId { get; init; }

    /// <summary>The post that a reminder belongs to, where the channel named one.</summary>
    public string? ReplyTo { get; init; }

    /// <summary>Since when the notice is wanted: the post can't be older.</summary>
    public required DateTimeOffset Since { get; init; }

    public required string Rollout { get; init; }

    public required string Name { get; init; }

    public required string Namespace { get; init; }

    /// <summary>For instance <c>step 4 of 7 (analysis: error-rate), weight 5 of 100</c>.</summary>
    public required string Where { get; init; }

    public Question? Question { get; init; }

    /// <summary>How the question was closed; null while it is open.</summary>
    public QuestionEnd? End { get; init; }

    /// <summary>For an open question: what happens when nobody answers, for instance <c>rolls back at 2026-01-02 03:04 UTC</c>.</summary>
    public string? Otherwise { get; init; }

    /// <summary>For an open question: for instance <c>1 of 2 approvals, by jo</c>; null where one answer is enough.</summary>
    public string? Approvals { get; init; }

    /// <summary>Whether the page asks to sign in.</summary>
    public bool SignIn { get; init; }

    /// <summary>For an open question.</summary>
    public QuestionEvidence? Evidence { get; init; }

    /// <summary>For an outcome.</summary>
    public RolloutOutcome? Outcome { get; init; }

    /// <summary>For an outcome or a start: why, or by whom.</summary>
    public string? Message { get; init; }
}
