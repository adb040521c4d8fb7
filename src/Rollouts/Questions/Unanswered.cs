using Rollouts.Machine;
using Rollouts.Policy;

namespace Rollouts.Questions;

/// <summary>What becomes of a question that nobody answers: what every channel says beside it.</summary>
public static class Unanswered
{
    /// <summary>In the middle of a sentence, for instance <c>without an answer the policy rolls back at 2026-01-03 12:00 UTC</c>.</summary>
    public static string Of(Question open, RolloutPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(open);
        ArgumentNullException.ThrowIfNull(policy);
        return open.ExpiresAt is { } expires
            ? $"without an answer the policy {(policy.Question.OnExpiry == UnclearAction.Continue ? "goes on" : "rolls back")} at {expires.UtcDateTime:yyyy-MM-dd HH:mm} UTC"
            : "it waits for an answer, however long";
    }
}
