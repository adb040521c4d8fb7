using Azure;
using Azure.Data.Tables;
using Rollouts.AzureStorage.Tables;
using Rollouts.Notifications;

namespace Rollouts.AzureStorage.Notifications;

/// <summary>The outbox on Azure Tables: a rollout's posts in one partition, each begun by an insert that only one can make.</summary>
/// <remarks>Every member is idempotent and ends within 20 s, if need be with a <see cref="PortException"/>.</remarks>
public sealed class AzureTableOutbox(TableServiceClient service, TimeProvider time, string tableName = AzureTableOutbox.DefaultTable) : INotificationOutbox
{
    /// <summary>The table's name where none is given.</summary>
    public const string DefaultTable = "RolloutOutbox";

    private const string BegunAt = nameof(OutboxMark.BegunAt);
    private const string IsPosted = nameof(OutboxMark.IsPosted);
    private const string MessageId = nameof(OutboxMark.MessageId);

    private readonly StorageTable table = new(service, tableName, time);

    /// <inheritdoc/>
    public Task<OutboxMark?> BeginAsync(string rollout, string post, DateTimeOffset now, CancellationToken cancellationToken) =>
        table.RunAsync<OutboxMark?>(
            async (rows, limit) =>
            {
                try
                {
                    await rows.AddEntityAsync(new TableEntity(rollout, post) { [BegunAt] = now, [IsPosted] = false }, limit).ConfigureAwait(false);
                    return null;
                }
                catch (RequestFailedException there) when (there.Status == 409)
                {
                    NullableResponse<TableEntity> found = await rows.GetEntityIfExistsAsync<TableEntity>(rollout, post, cancellationToken: limit).ConfigureAwait(false);

                    // Withdrawn in this instant: the one who did so tries again.
                    return found is { HasValue: true, Value: { } row }
                        ? new OutboxMark(row.GetDateTimeOffset(BegunAt)!.Value, row.GetBoolean(IsPosted)!.Value, row.GetString(MessageId))
                        : throw new PortException(FailureKind.Transient, $"table {tableName}: {post} was withdrawn meanwhile");
                }
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<bool> TryTakeOverAsync(string rollout, string post, OutboxMark seen, DateTimeOffset now, CancellationToken cancellationToken) =>
        table.RunAsync(
            async (rows, limit) =>
            {
                NullableResponse<TableEntity> found = await rows.GetEntityIfExistsAsync<TableEntity>(rollout, post, cancellationToken: limit).ConfigureAwait(false);
                if (found is not { HasValue: true, Value: { } row } || row.GetBoolean(IsPosted)!.Value || row.GetDateTimeOffset(BegunAt) != seen.BegunAt)
                {
                    return false;
                }

                try
                {
                    row[BegunAt] = now;
                    await rows.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace, limit).ConfigureAwait(false);
                    return true;
                }
                catch (RequestFailedException faster) when (faster.Status is 412 or 404)
                {
                    return false;
                }
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task CompleteAsync(string rollout, string post, string? messageId, CancellationToken cancellationToken) =>
        table.RunAsync(
            (rows, limit) => rows.UpsertEntityAsync(new TableEntity(rollout, post) { [IsPosted] = true, [MessageId] = messageId }, TableUpdateMode.Merge, limit),
            cancellationToken);

    /// <inheritdoc/>
    public Task WithdrawAsync(string rollout, string post, CancellationToken cancellationToken) =>
        table.RunAsync((rows, limit) => rows.DeleteEntityAsync(rollout, post, cancellationToken: limit), cancellationToken);
}
