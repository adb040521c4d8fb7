using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using Rollouts.Journal;
using Rollouts.Machine;

namespace Rollouts.AzureStorage.Journal;

/// <summary>
/// The rows of a journal's partition. Entries and decisions stand in ranges of their own, by position, so that reading the few decisions never walks the
/// many entries; a decision's id has a row besides, which makes it unique.
/// </summary>
internal static class JournalRow
{
    private const char EntryRange = 'e';
    private const char DecisionRange = 'd';
    private const string Json = nameof(Json);
    private const string Number = nameof(Number);
    private const string Position = nameof(Position);

    public static TableTransactionAction Add(string rollout, long position, JournalEntry entry) =>
        new(TableTransactionActionType.Add, new TableEntity(rollout, Key(EntryRange, position))
        {
            [Number] = entry.Number,
            [Json] = JsonSerializer.Serialize(entry, RolloutJson.Default.JournalEntry),
        });

    public static IEnumerable<TableTransactionAction> Add(string rollout, long position, Decision decision) =>
    [
        new(TableTransactionActionType.Add, new TableEntity(rollout, Key(DecisionRange, position))
        {
            [Json] = JsonSerializer.Serialize(decision, RolloutJson.Default.Decision),
        }),
        new(TableTransactionActionType.Add, new TableEntity(rollout, IdKey(decision.Id)) { [Position] = position }),
    ];

    /// <summary>Where the decision of an id stands, or null.</summary>
    public static async Task<long?> FindDecisionAsync(TableClient table, string rollout, string id, CancellationToken cancellationToken)
    {
        NullableResponse<TableEntity> row = await table
            .GetEntityIfExistsAsync<TableEntity>(rollout, IdKey(id), cancellationToken: cancellationToken).ConfigureAwait(false);
        return row.HasValue ? row.Value!.GetInt64(Position) : null;
    }

    /// <summary>Which numbers between two are taken by entries.</summary>
    public static async Task<HashSet<int>> FindNumbersAsync(
        TableClient table, string rollout, int from, int to, CancellationToken cancellationToken)
    {
        string first = Key(EntryRange, 0);
        string last = Key(EntryRange, long.MaxValue);
        string filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {rollout} and RowKey ge {first} and RowKey le {last} and Number ge {from} and Number le {to}");
        HashSet<int> found = [];
        await foreach (TableEntity row in table.QueryAsync<TableEntity>(filter, select: [Number], cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            found.Add(row.GetInt32(Number)!.Value);
        }

        return found;
    }

    public static Task<List<JournalRecord>> EntriesAsync(
        TableClient table, string rollout, long after, long upTo, int most, CancellationToken cancellationToken) =>
        ReadAsync(
            table, rollout, EntryRange, after, upTo, most,
            (position, json) => new JournalRecord(position, JsonSerializer.Deserialize(json, RolloutJson.Default.JournalEntry), null), cancellationToken);

    public static Task<List<JournalRecord>> DecisionsAsync(
        TableClient table, string rollout, long after, long upTo, int most, CancellationToken cancellationToken) =>
        ReadAsync(
            table, rollout, DecisionRange, after, upTo, most,
            (position, json) => new JournalRecord(position, null, JsonSerializer.Deserialize(json, RolloutJson.Default.Decision)), cancellationToken);

    private static async Task<List<JournalRecord>> ReadAsync(
        TableClient table, string rollout, char range, long after, long upTo, int most, Func<long, string, JournalRecord> read, CancellationToken cancellationToken)
    {
        string from = Key(range, Math.Max(after, 0));
        string to = Key(range, upTo);
        string filter = TableClient.CreateQueryFilter($"PartitionKey eq {rollout} and RowKey gt {from} and RowKey le {to}");
        List<JournalRecord> found = [];
        await foreach (TableEntity row in table
            .QueryAsync<TableEntity>(filter, Math.Clamp(most, 1, 1000), cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            if (found.Count == most)
            {
                break;
            }

            found.Add(read(long.Parse(row.RowKey.AsSpan(1), CultureInfo.InvariantCulture), row.GetString(Json)));
        }

        return found;
    }

    private static string Key(char range, long position) => $"{range}{position:D19}";

    // Ids are the callers': hashed, because a row key takes neither every character nor every length.
    private static string IdKey(string id) => $"i{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)))}";
}
