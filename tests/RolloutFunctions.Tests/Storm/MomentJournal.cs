using Rollouts.Journal;

namespace RolloutFunctions.Tests.Storm;

/// <summary>Tells when the journal has been read, and when it is being closed; then gives a decision time to get in between.</summary>
internal sealed class MomentJournal(IRolloutJournal inner, Moments moments) : IRolloutJournal
{
    private static readonly TimeSpan AMoment = TimeSpan.FromMilliseconds(60);

    public Task<DecisionAppend> AppendDecisionAsync(string rolloutId, Decision decision, CancellationToken cancellationToken) =>
        inner.AppendDecisionAsync(rolloutId, decision, cancellationToken);

    public async Task<IReadOnlyList<SequencedDecision>> ReadDecisionsAsync(string rolloutId, long after, CancellationToken cancellationToken)
    {
        IReadOnlyList<SequencedDecision> read = await inner.ReadDecisionsAsync(rolloutId, after, cancellationToken);
        await Task.WhenAny(moments.Reached(rolloutId, Moment.WhileTheJournalIsRead), Task.Delay(AMoment, cancellationToken));
        return read;
    }

    public Task AppendAsync(string rolloutId, IReadOnlyList<JournalEntry> entries, CancellationToken cancellationToken) =>
        inner.AppendAsync(rolloutId, entries, cancellationToken);

    public async Task<bool> TryCloseAsync(string rolloutId, long lastRead, CancellationToken cancellationToken)
    {
        // One that wins, one at the same time, and one just after.
        await Task.WhenAny(moments.Reached(rolloutId, Moment.AsTheRolloutEnds), Task.Delay(AMoment, cancellationToken));
        _ = moments.Reached(rolloutId, Moment.AsTheRolloutEnds);
        bool closed = await inner.TryCloseAsync(rolloutId, lastRead, cancellationToken);
        await Task.WhenAny(moments.Reached(rolloutId, Moment.AsTheRolloutEnds), Task.Delay(AMoment, cancellationToken));
        return closed;
    }

    public Task<IReadOnlyList<JournalRecord>> ReadAsync(string rolloutId, long after, int most, CancellationToken cancellationToken) =>
        inner.ReadAsync(rolloutId, after, most, cancellationToken);
}
