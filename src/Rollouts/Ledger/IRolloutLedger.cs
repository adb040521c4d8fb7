namespace Rollouts.Ledger;

/// <summary>What all rollouts came to, and what people said of it afterwards. It outlives rollouts and their journals.</summary>
public interface IRolloutLedger
{
    /// <summary>Writes a row in the place of the one of the same rollout and attempt; a judgement that stands there stays.</summary>
    Task RecordAsync(LedgerRow row, CancellationToken cancellationToken);

    /// <summary>Judges the last attempt of a rollout, in the place of an earlier judgement; answers the entry, or null when there is none.</summary>
    Task<LedgerEntry?> JudgeAsync(string rolloutId, Judgement judgement, CancellationToken cancellationToken);

    /// <summary>The last attempt of a rollout; null when there is none.</summary>
    Task<LedgerEntry?> FindAsync(string rolloutId, CancellationToken cancellationToken);

    /// <summary>Whatever ended at a time or later, newest first.</summary>
    Task<IReadOnlyList<LedgerEntry>> ReadAsync(DateTimeOffset since, CancellationToken cancellationToken);
}
