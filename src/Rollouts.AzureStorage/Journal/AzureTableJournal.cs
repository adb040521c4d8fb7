using Azure.Data.Tables;
using Rollouts.AzureStorage.Tables;
using Rollouts.Journal;

namespace Rollouts.AzureStorage.Journal;

/// <summary>
/// The journal on Azure Table storage: a partition for each rollout, written all or nothing on the condition that its head row is as it was read. A
/// decision's sequence number is its position, without gaps, and whoever reads one has been able to read all before it.
/// </summary>
/// <remarks>Every member ends within 20 s, if need be with a <see cref="PortException"/>. The table is made when it is first needed.</remarks>
public sealed class AzureTableJournal : IRolloutJournal
{
    /// <summary>The table's name where none is given.</summary>
    public const string DefaultTable = "RolloutJournal";

    // A transaction takes 100 rows, one of them the head.
    private const int MostEntriesAtOnce = 99;

    private readonly StorageTable table;
    private readonly OptimisticWriter writer;

    /// <param name="service">The storage account's tables; see <see cref="TableAccess"/>.</param>
    /// <param name="time">For time-outs.</param>
    /// <param name="tableName">Letters and digits.</param>
    public AzureTableJournal(TableServiceClient service, TimeProvider time, string tableName = DefaultTable)
    {
        table = new StorageTable(service, tableName, time);
        writer = new OptimisticWriter(table, time);
    }

    /// <inheritdoc/>
    public Task<DecisionAppend> AppendDecisionAsync(string rolloutId, Decision decision, CancellationToken cancellationToken) =>
        AppendAsync(rolloutId, decision, reopens: false, cancellationToken);

    /// <summary>Appends a decision even to a closed journal, which it opens again: for the retry of a rollout that has ended.</summary>
    public Task<DecisionAppend> ReopenAsync(string rolloutId, Decision decision, CancellationToken cancellationToken) =>
        AppendAsync(rolloutId, decision, reopens: true, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SequencedDecision>> ReadDecisionsAsync(string rolloutId, long after, CancellationToken cancellationToken) =>
        table.RunAsync<IReadOnlyList<SequencedDecision>>(
            async (rows, limit) =>
            [
                .. (await JournalRow.DecisionsAsync(rows, rolloutId, after, long.MaxValue, int.MaxValue, limit).ConfigureAwait(false))
                    .Select(r => new SequencedDecision(r.Position, r.Decision!)),
            ],
            cancellationToken);

    /// <inheritdoc/>
    public async Task AppendAsync(string rolloutId, IReadOnlyList<JournalEntry> entries, CancellationToken cancellationToken)
    {
        foreach (JournalEntry[] together in entries.DistinctBy(e => e.Number).Chunk(MostEntriesAtOnce))
        {
            await writer.WriteAsync(rolloutId, (rows, limit) => PlanAsync(rows, rolloutId, together, limit), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public Task<bool> TryCloseAsync(string rolloutId, long lastRead, CancellationToken cancellationToken) =>
        writer.WriteAsync(
            rolloutId,
            async (rows, limit) =>
            {
                JournalHead head = await JournalHead.ReadAsync(rows, rolloutId, limit).ConfigureAwait(false);
                bool unread = !head.Closed
                    && (await JournalRow.DecisionsAsync(rows, rolloutId, lastRead, head.LastPosition, 1, limit).ConfigureAwait(false)).Count > 0;
                return new WritePlan<bool>(head.Closed || unread ? [] : [(head with { Closed = true }).Write()], !unread);
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<JournalRecord>> ReadAsync(string rolloutId, long after, int most, CancellationToken cancellationToken) =>
        table.RunAsync<IReadOnlyList<JournalRecord>>(
            async (rows, limit) =>
            {
                // What comes to stand while the two ranges are read is left to the next page, so that none is passed by.
                JournalHead head = await JournalHead.ReadAsync(rows, rolloutId, limit).ConfigureAwait(false);
                List<JournalRecord>[] ranges = head.LastPosition <= after
                    ? []
                    : await Task.WhenAll(
                        JournalRow.EntriesAsync(rows, rolloutId, after, head.LastPosition, most, limit),
                        JournalRow.DecisionsAsync(rows, rolloutId, after, head.LastPosition, most, limit)).ConfigureAwait(false);
                return [.. ranges.SelectMany(r => r).OrderBy(r => r.Position).Take(most)];
            },
            cancellationToken);

    /// <summary>The greatest number of an entry; 0 without any.</summary>
    public Task<int> LastNumberAsync(string rolloutId, CancellationToken cancellationToken) =>
        table.RunAsync(
            async (rows, limit) => (await JournalHead.ReadAsync(rows, rolloutId, limit).ConfigureAwait(false)).LastNumber,
            cancellationToken);

    private Task<DecisionAppend> AppendAsync(string rolloutId, Decision decision, bool reopens, CancellationToken cancellationToken) =>
        writer.WriteAsync(
            rolloutId,
            async (rows, limit) =>
            {
                Task<JournalHead> reading = JournalHead.ReadAsync(rows, rolloutId, limit);
                long? there = await JournalRow.FindDecisionAsync(rows, rolloutId, decision.Id, limit).ConfigureAwait(false);
                JournalHead head = await reading.ConfigureAwait(false);
                if (there is { } sequence)
                {
                    List<JournalRecord> first = await JournalRow.DecisionsAsync(rows, rolloutId, sequence - 1, sequence, 1, limit).ConfigureAwait(false);
                    return new WritePlan<DecisionAppend>(
                        [],
                        new DecisionAppend(
                            first is [{ Decision: { } kept }] && kept.Command != decision.Command ? DecisionAppendOutcome.IdTaken : DecisionAppendOutcome.AlreadyThere,
                            sequence));
                }

                if (head.Closed && !reopens)
                {
                    return new WritePlan<DecisionAppend>([], new DecisionAppend(DecisionAppendOutcome.Closed, 0));
                }

                long position = head.LastPosition + 1;
                return new WritePlan<DecisionAppend>(
                    [(head with { LastPosition = position, Closed = false }).Write(), .. JournalRow.Add(rolloutId, position, decision)],
                    new DecisionAppend(DecisionAppendOutcome.Appended, position));
            },
            cancellationToken);

    private static async Task<WritePlan<bool>> PlanAsync(
        TableClient rows, string rolloutId, IReadOnlyList<JournalEntry> entries, CancellationToken limit)
    {
        JournalHead head = await JournalHead.ReadAsync(rows, rolloutId, limit).ConfigureAwait(false);
        int from = entries.Min(e => e.Number);
        int to = entries.Max(e => e.Number);
        // Numbers grow, so that as a rule one look at the head says that all are new.
        HashSet<int> taken = from > head.LastNumber
            ? []
            : await JournalRow.FindNumbersAsync(rows, rolloutId, from, to, limit).ConfigureAwait(false);
        JournalEntry[] missing = [.. entries.Where(e => !taken.Contains(e.Number))];
        JournalHead next = head with { LastPosition = head.LastPosition + missing.Length, LastNumber = Math.Max(head.LastNumber, to) };
        return new WritePlan<bool>(
            missing.Length == 0 ? [] : [next.Write(), .. missing.Select((e, i) => JournalRow.Add(rolloutId, head.LastPosition + 1 + i, e))],
            true);
    }
}
