using Rollouts.Engine;
using Rollouts.Machine;

namespace RolloutFunctions.Orchestration;

/// <summary>The custom status: what an operator sees of a rollout in Durable Functions' own tools. Bounded, since the runtime takes 16 KB at most.</summary>
public sealed record RolloutSummary
{
    private const int LongestText = 500;

    public required string Phase { get; init; }
    public string? Outcome { get; init; }
    public string? WaitingFor { get; init; }

    /// <summary>For instance <c>2/6</c>: the step under way, from 1, of how many.</summary>
    public required string Step { get; init; }

    public int Weight { get; init; }
    public string? Question { get; init; }
    public string? Message { get; init; }
    public DateTimeOffset StartedAt { get; init; }

    public static RolloutSummary Of(Turn turn)
    {
        RolloutStatus status = RolloutStatusView.Of(turn);
        return new RolloutSummary
        {
            Phase = $"{status.Phase}",
            Outcome = status.Outcome?.ToString(),
            WaitingFor = status.WaitingFor?.ToString(),
            Step = $"{Math.Min(status.Step + 1, status.Steps.Count)}/{status.Steps.Count}",
            Weight = status.Weight,
            Question = status.Question?.Id,
            Message = status.Message.Length > LongestText ? string.Concat(status.Message.AsSpan(0, LongestText), "…") : status.Message,
            StartedAt = status.StartedAt,
        };
    }
}
