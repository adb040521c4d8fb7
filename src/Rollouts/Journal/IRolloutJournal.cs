namespace Rollouts.Journal;

/// <summary>
/// The record of a rollout: decisions on their way in, entries on their way out, in one order. It outlives the engine's own state and is the audit trail.
/// </summary>
public interface IRolloutJournal
{
    /// <summary>Appends a decision unless the journal is closed. The same decision id again appends nothing: with the same command it answers as the first time did.</summary>
    Task<DecisionAppend> AppendDecisionAsync(string rolloutId, Decision decision, CancellationToken cancellationToken);

    /// <summary>The decisions after a sequence number, oldest first.</summary>
    Task<IReadOnlyList<SequencedDecision>> ReadDecisionsAsync(string rolloutId, long after, CancellationToken cancellationToken);

    /// <summary>Appends entries; one whose number is already there is left as it is.</summary>
    Task AppendAsync(string rolloutId, IReadOnlyList<JournalEntry> entries, CancellationToken cancellationToken);

    /// <summary>Closes the journal for decisions if none comes after <paramref name="lastRead"/>; answers whether it is closed now.</summary>
    Task<bool> TryCloseAsync(string rolloutId, long lastRead, CancellationToken cancellationToken);

    /// <summary>Entries and decisions in the order in which they were recorded, after a position.</summary>
    Task<IReadOnlyList<JournalRecord>> ReadAsync(string rolloutId, long after, int most, CancellationToken cancellationToken);
}

/// <summary>What became of appending a decision.</summary>
/// <param name="Outcome">Whether it stands in the journal.</param>
/// <param name="Sequence">Its place there, or that of the first one of its id; 0 when it was not taken.</param>
public sealed record DecisionAppend(DecisionAppendOutcome Outcome, long Sequence);

/// <summary>Whether a decision stands in the journal.</summary>
public enum DecisionAppendOutcome
{
    /// <summary>It was appended now.</summary>
    Appended,

    /// <summary>It was there already.</summary>
    AlreadyThere,

    /// <summary>The journal is closed: the rollout has finished.</summary>
    Closed,

    /// <summary>It was not appended: a decision with another command stands there under its id.</summary>
    IdTaken,
}

/// <summary>One line of the journal: an entry or a decision.</summary>
/// <param name="Position">Where it stands; ask for what comes after it.</param>
/// <param name="Entry">What happened, or null.</param>
/// <param name="Decision">What was decided, or null.</param>
public sealed record JournalRecord(long Position, JournalEntry? Entry, Decision? Decision);
