using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using Rollouts.Machine;
using Rollouts.Traffic;

namespace Rollouts.AzureStorage.Registry;

/// <summary>The rows of the registry. They stand in one partition, because a registration and the ownership of its target are one write.</summary>
internal static class RegistryRow
{
    public const string Partition = "rollouts";

    /// <summary>What the keys of the rows of open rollouts begin with.</summary>
    public const string Open = "o|";

    /// <summary>What the keys of the rows of all rollouts, newest first, begin with.</summary>
    public const string Newest = "n|";

    private const string Owner = nameof(Owner);

    public static TableEntity Of(RegisteredRollout rollout) => new(Partition, $"r|{rollout.Id}")
    {
        [nameof(RegisteredRollout.StartedAt)] = rollout.StartedAt,
        [nameof(RegisteredRollout.StartedBy)] = rollout.StartedBy,
        [nameof(RegisteredRollout.Target)] = JsonSerializer.Serialize(rollout.Target, RolloutJson.Default.TrafficTarget),
        [nameof(RegisteredRollout.IsOpen)] = rollout.IsOpen,
    };

    public static async Task<(RegisteredRollout Rollout, ETag ETag)?> FindAsync(TableClient table, string id, CancellationToken cancellationToken) =>
        await RowAsync(table, $"r|{id}", cancellationToken).ConfigureAwait(false) is { } row
            ? (new RegisteredRollout(
                id,
                row.GetDateTimeOffset(nameof(RegisteredRollout.StartedAt))!.Value,
                row.GetString(nameof(RegisteredRollout.StartedBy)),
                JsonSerializer.Deserialize(row.GetString(nameof(RegisteredRollout.Target)), RolloutJson.Default.TrafficTarget)!,
                row.GetBoolean(nameof(RegisteredRollout.IsOpen))!.Value), row.ETag)
            : null;

    public static TableEntity OpenOf(string id) => new(Partition, Open + id);

    public static TableEntity NewestOf(RegisteredRollout rollout) =>
        new(Partition, $"{Newest}{DateTimeOffset.MaxValue.Ticks - rollout.StartedAt.UtcTicks:D19}|{rollout.Id}");

    /// <summary>The ids in a range of rows, in the order of their keys.</summary>
    public static async Task<List<string>> IdsAsync(TableClient table, string range, int most, CancellationToken cancellationToken)
    {
        string end = range[..^1] + (char)(range[^1] + 1);
        string filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition} and RowKey ge {range} and RowKey lt {end}");
        List<string> found = [];
        await foreach (TableEntity row in table
            .QueryAsync<TableEntity>(filter, Math.Clamp(most, 1, 1000), ["RowKey"], cancellationToken).ConfigureAwait(false))
        {
            if (found.Count == most)
            {
                break;
            }

            found.Add(row.RowKey[(row.RowKey.LastIndexOf('|') + 1)..]);
        }

        return found;
    }

    /// <summary>Who owns each object of a target, with the row as read; null where nobody does.</summary>
    public static async Task<IReadOnlyList<(string Key, string? Owner, ETag ETag)>> OwnersAsync(
        TableClient table, TrafficTarget target, CancellationToken cancellationToken)
    {
        string[] keys = [.. TargetObjects.Of(target).Select(o => $"t|{o}")];
        TableEntity?[] rows = await Task.WhenAll(keys.Select(k => RowAsync(table, k, cancellationToken))).ConfigureAwait(false);
        return [.. keys.Zip(rows, (key, row) => (key, row?.GetString(Owner), row?.ETag ?? default))];
    }

    public static TableEntity OwnedBy(string key, string owner) => new(Partition, key) { [Owner] = owner };

    private static async Task<TableEntity?> RowAsync(TableClient table, string key, CancellationToken cancellationToken)
    {
        NullableResponse<TableEntity> row = await table
            .GetEntityIfExistsAsync<TableEntity>(Partition, key, cancellationToken: cancellationToken).ConfigureAwait(false);
        return row.HasValue ? row.Value : null;
    }
}
