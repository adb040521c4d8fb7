using Rollouts.Machine;

namespace Rollouts.Ledger;

/// <summary>What an attempt of a rollout came to, kept after the rollout itself is gone. Absolute: written again it is the same.</summary>
public sealed record LedgerRow
{
    /// <summary>Required.</summary>
    public required string RolloutId { get; init; }

    /// <summary>From 1; with the rollout's id the row's identity.</summary>
    public required int Attempt { get; init; }

    /// <summary>Required. The namespace and the name of the Rollout, for instance <c>shop/checkout</c>.</summary>
    public required string Service { get; init; }

    /// <summary>Required. How it ended.</summary>
    public required RolloutOutcome Outcome { get; init; }

    /// <summary>When the attempt began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset FinishedAt { get; init; }

    /// <summary>Why it ended so, at most 500 characters.</summary>
    public string Message { get; init; } = "";

    /// <summary>The analysis templates that the release names.</summary>
    public IReadOnlyList<string> Templates { get; init; } = [];

    /// <summary>With <see cref="RolloutOutcome.RolledBack"/>: those of them whose metrics ended it: failed, or what the policy makes of metrics without a verdict.</summary>
    public IReadOnlyList<string> FailedTemplates { get; init; } = [];

    /// <summary>How many decisions people took; a newer release that takes the rollout's place is none.</summary>
    public int Decisions { get; init; }

    /// <summary>How long people took to answer each question, in seconds; of many the last fifty.</summary>
    public IReadOnlyList<int> AnswersTook { get; init; } = [];
}
