using Azure;
using Azure.Data.Tables;

namespace Rollouts.AzureStorage.Journal;

/// <summary>The row that every write of a journal changes, so that of two writers one goes first.</summary>
/// <param name="Rollout">Whose journal.</param>
/// <param name="LastPosition">The position last given; 0 in an empty journal.</param>
/// <param name="LastNumber">The greatest number of an entry.</param>
/// <param name="Closed">Whether decisions are refused.</param>
/// <param name="ETag">Null while the row is not there.</param>
internal sealed record JournalHead(string Rollout, long LastPosition, int LastNumber, bool Closed, ETag? ETag)
{
    public const string RowKey = "head";

    public static async Task<JournalHead> ReadAsync(TableClient table, string rollout, CancellationToken cancellationToken)
    {
        NullableResponse<TableEntity> row = await table
            .GetEntityIfExistsAsync<TableEntity>(rollout, RowKey, cancellationToken: cancellationToken).ConfigureAwait(false);
        return row.HasValue
            ? new JournalHead(
                rollout,
                row.Value!.GetInt64(nameof(LastPosition)) ?? 0,
                row.Value.GetInt32(nameof(LastNumber)) ?? 0,
                row.Value.GetBoolean(nameof(Closed)) ?? false,
                row.Value.ETag)
            : new JournalHead(rollout, 0, 0, false, null);
    }

    /// <summary>Writes this head in place of the one that was read.</summary>
    public TableTransactionAction Write()
    {
        TableEntity row = new(Rollout, RowKey)
        {
            [nameof(LastPosition)] = LastPosition,
            [nameof(LastNumber)] = LastNumber,
            [nameof(Closed)] = Closed,
        };
        return ETag is { } read
            ? new TableTransactionAction(TableTransactionActionType.UpdateReplace, row, read)
            : new TableTransactionAction(TableTransactionActionType.Add, row);
    }
}
