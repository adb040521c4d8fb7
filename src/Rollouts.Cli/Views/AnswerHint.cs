using Rollouts.Engine;

namespace Rollouts.Cli.Views;

/// <summary>Tells a person how to answer a rollout's question.</summary>
internal static class AnswerHint
{
    public static IEnumerable<string> Lines(RolloutStatus status, Uri server)
    {
        if (status.Question is not { } question)
        {
            yield break;
        }

        yield return $"{question.Id} is open: {question.Message}";
        yield return $"  go on:     curl -X POST {new Uri(server, $"/api/rollouts/{status.Id}/promote")}";
        yield return $"  roll back: curl -X POST {new Uri(server, $"/api/rollouts/{status.Id}/abort")}";
        if (question.ExpiresAt is { } expires)
        {
            yield return $"  without an answer the policy decides at {expires:u}";
        }
    }
}
