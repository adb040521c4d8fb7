using System.Text.Json.Serialization;
using Rollouts.Machine;

namespace Rollouts.Ledger;

/// <summary>What people say of an outcome afterwards. The last word counts.</summary>
public sealed record Judgement
{
    public required Verdict Verdict { get; init; }

    /// <summary>Required. Who says so.</summary>
    public required string By { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Why. Default none.</summary>
    public string? Reason { get; init; }

    /// <summary>Only what the system decided by itself can be right or wrong: a rollback by analysis, and a promotion.</summary>
    public static bool IsPossible(RolloutOutcome? outcome) => outcome is RolloutOutcome.RolledBack or RolloutOutcome.Promoted;
}

/// <summary>Whether an outcome was right.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Verdict>))]
public enum Verdict
{
    /// <summary>A bad version was rolled back; a good one was promoted.</summary>
    [JsonStringEnumMemberName("right")]
    Right,

    /// <summary>A good version was rolled back; a bad one was promoted, and found out later.</summary>
    [JsonStringEnumMemberName("wrong")]
    Wrong,
}

/// <summary>A row and what people say of it.</summary>
/// <param name="Row">What happened.</param>
/// <param name="Judgement">Null until somebody has judged.</param>
public sealed record LedgerEntry(LedgerRow Row, Judgement? Judgement);
