using Rollouts.Engine;

namespace Rollouts.Cli.Views;

/// <summary>Tells a person how to answer a rollout's question.</summary>
/// <param name="server">Where the rollout's API is.</param>
/// <param name="key">Its token, where the person who reads this was not given it before; null leaves it out.</param>
/// <param name="signIn">Makes a link into the dashboard; null says nothing of one.</param>
internal sealed class AnswerHint(Uri server, string? key, Func<string, string>? signIn = null)
{
    public IEnumerable<string> Lines(RolloutStatus status)
    {
        if (status.Question is not { } question)
        {
            yield break;
        }

        string address = server.GetLeftPart(UriPartial.Path).TrimEnd('/');
        string where = key is null ? $" --server {address}" : "";
        yield return $"{question.Id} is open: {question.Message}";
        if (key is not null)
        {
            yield return $"  export ROLLOUTS_SERVER={address} ROLLOUTS_KEY={key}";
        }

        yield return $"  go on:     rollouts promote {status.Id}{where}";
        yield return $"  roll back: rollouts abort {status.Id}{where}";
        if (signIn is not null)
        {
            yield return $"  look:      {new Uri(server, signIn($"/rollouts/{Uri.EscapeDataString(status.Id)}"))}";
        }

        if (question.ExpiresAt is not null && status.Otherwise is { } otherwise)
        {
            yield return $"  {otherwise}";
        }
    }
}
