using System.Globalization;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using Rollouts.AzureStorage.Tables;
using Rollouts.Ledger;
using Rollouts.Machine;

namespace Rollouts.AzureStorage.Ledger;

/// <summary>
/// The ledger on Azure Table storage: a partition for each rollout, a row for each attempt, with the judgement in a column of its own, so that writing the
/// one leaves the other.
/// </summary>
/// <remarks>
/// Every member ends within 20 s, if need be with a <see cref="PortException"/>. Reading since a time walks the whole table, a thousand rows a request: a
/// few hundred deployments a year make that one.
/// </remarks>
public sealed class AzureTableLedger : IRolloutLedger
{
    /// <summary>The table's name where none is given.</summary>
    public const string DefaultTable = "RolloutLedger";

    private const string Row = nameof(Row);
    private const string FinishedAt = nameof(FinishedAt);
    private const string Judgement = nameof(Judgement);

    private readonly StorageTable table;

    /// <param name="service">The storage account's tables; see <see cref="TableAccess"/>.</param>
    /// <param name="time">For time-outs.</param>
    /// <param name="tableName">Letters and digits.</param>
    public AzureTableLedger(TableServiceClient service, TimeProvider time, string tableName = DefaultTable) =>
        table = new StorageTable(service, tableName, time);

    /// <inheritdoc/>
    public Task RecordAsync(LedgerRow row, CancellationToken cancellationToken) => table.RunAsync(
        async (rows, limit) =>
        {
            TableEntity entity = new(row.RolloutId, KeyOf(row.Attempt))
            {
                [FinishedAt] = row.FinishedAt.UtcDateTime,
                [Row] = JsonSerializer.Serialize(row, RolloutJson.Default.LedgerRow),
            };
            return await rows.UpsertEntityAsync(entity, TableUpdateMode.Merge, limit).ConfigureAwait(false);
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<LedgerEntry?> JudgeAsync(string rolloutId, Judgement judgement, CancellationToken cancellationToken) => table.RunAsync(
        async (rows, limit) =>
        {
            if (await LastAsync(rows, rolloutId, limit).ConfigureAwait(false) is not { } last)
            {
                return null;
            }

            TableEntity entity = new(rolloutId, last.RowKey) { [Judgement] = JsonSerializer.Serialize(judgement, RolloutJson.Default.Judgement) };
            await rows.UpdateEntityAsync(entity, ETag.All, TableUpdateMode.Merge, limit).ConfigureAwait(false);
            return Read(last) with { Judgement = judgement };
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<LedgerEntry?> FindAsync(string rolloutId, CancellationToken cancellationToken) => table.RunAsync(
        async (rows, limit) => await LastAsync(rows, rolloutId, limit).ConfigureAwait(false) is { } last ? Read(last) : null,
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<LedgerEntry>> ReadAsync(DateTimeOffset since, CancellationToken cancellationToken) => table.RunAsync<IReadOnlyList<LedgerEntry>>(
        async (rows, limit) =>
        {
            List<LedgerEntry> found = [];
            string filter = TableClient.CreateQueryFilter($"FinishedAt ge {since}");
            await foreach (TableEntity row in rows.QueryAsync<TableEntity>(filter, cancellationToken: limit).ConfigureAwait(false))
            {
                found.Add(Read(row));
            }

            return [.. found.OrderByDescending(e => e.Row.FinishedAt).ThenBy(e => e.Row.RolloutId, StringComparer.Ordinal).ThenByDescending(e => e.Row.Attempt)];
        },
        cancellationToken);

    private static async Task<TableEntity?> LastAsync(TableClient rows, string rolloutId, CancellationToken limit)
    {
        TableEntity? last = null;
        await foreach (TableEntity row in rows.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {rolloutId}"), cancellationToken: limit)
            .ConfigureAwait(false))
        {
            last = row;
        }

        return last;
    }

    private static LedgerEntry Read(TableEntity row) => new(
        JsonSerializer.Deserialize(row.GetString(Row), RolloutJson.Default.LedgerRow)!,
        row.GetString(Judgement) is { } judgement ? JsonSerializer.Deserialize(judgement, RolloutJson.Default.Judgement) : null);

    // In the order of the attempts.
    private static string KeyOf(int attempt) => attempt.ToString("D10", CultureInfo.InvariantCulture);
}
