using Rollouts.Embedded.State;
using Rollouts.Embedded.Turns;
using Rollouts.Journal;

namespace Rollouts.Embedded.Journal;

/// <summary>The journal in the state file.</summary>
/// <param name="file">The state file.</param>
/// <param name="decisions">Appends decisions.</param>
/// <param name="woken">Told, on the writer's thread, what follows a decision.</param>
internal sealed class SqliteJournal(StateFile file, DecisionDesk decisions, Action<Wake> woken) : IRolloutJournal
{
    public async Task<DecisionAppend> AppendDecisionAsync(string rolloutId, Decision decision, CancellationToken cancellationToken)
    {
        Task<(DecisionAppend Append, Wake Wake)> appended = file.Writer.RunAsync(
            tables => decisions.Append(tables, rolloutId, decision),
            done => woken(done.Wake));
        return (await appended.WaitAsync(cancellationToken).ConfigureAwait(false)).Append;
    }

    public Task<IReadOnlyList<SequencedDecision>> ReadDecisionsAsync(string rolloutId, long after, CancellationToken cancellationToken) =>
        Task.FromResult(file.Read(tables => tables.Journal.Find(rolloutId) is { } key ? tables.Journal.Decisions(key, after) : []));

    public Task AppendAsync(string rolloutId, IReadOnlyList<JournalEntry> entries, CancellationToken cancellationToken) =>
        file.Writer.RunAsync(tables =>
        {
            tables.Journal.Append(tables.Journal.FindOrCreate(rolloutId), entries);
            return true;
        }).WaitAsync(cancellationToken);

    public Task<bool> TryCloseAsync(string rolloutId, long lastRead, CancellationToken cancellationToken) =>
        file.Writer.RunAsync(tables => tables.Journal.TryClose(tables.Journal.FindOrCreate(rolloutId), lastRead)).WaitAsync(cancellationToken);

    public Task<IReadOnlyList<JournalRecord>> ReadAsync(string rolloutId, long after, int most, CancellationToken cancellationToken) =>
        Task.FromResult(file.Read(tables => tables.Journal.Find(rolloutId) is { } key ? tables.Journal.Page(key, after, most) : []));
}
