using Azure;
using Azure.Data.Tables;
using Rollouts.AzureStorage.Tables;
using Rollouts.Traffic;

namespace Rollouts.AzureStorage.Registry;

/// <summary>
/// Which rollouts there are, and which of them own the objects of their targets. It outlives the engine's own state, so that a rollout whose state was
/// removed is still found.
/// </summary>
/// <remarks>Every member is idempotent and ends within 20 s, if need be with a <see cref="PortException"/>.</remarks>
public sealed class RolloutRegistry
{
    /// <summary>The table's name where none is given.</summary>
    public const string DefaultTable = "Rollouts";

    private readonly StorageTable table;
    private readonly OptimisticWriter writer;

    /// <param name="service">The storage account's tables; see <see cref="TableAccess"/>.</param>
    /// <param name="time">For time-outs.</param>
    /// <param name="tableName">Letters and digits.</param>
    public RolloutRegistry(TableServiceClient service, TimeProvider time, string tableName = DefaultTable)
    {
        table = new StorageTable(service, tableName, time);
        writer = new OptimisticWriter(table, time);
    }

    /// <summary>Registers a rollout and makes it the owner of its target, unless it is known or another owns an object of the target.</summary>
    public Task<Registration> RegisterAsync(RegisteredRollout rollout, CancellationToken cancellationToken) => RegisterAsync(rollout, [], cancellationToken);

    /// <summary>The same, in the place of rollouts that make way: what they own of the target becomes the new one's.</summary>
    public Task<Registration> RegisterAsync(RegisteredRollout rollout, IReadOnlyCollection<string> before, CancellationToken cancellationToken) =>
        writer.WriteAsync(
            RegistryRow.Partition,
            async (rows, limit) =>
            {
                if (await RegistryRow.FindAsync(rows, rollout.Id, limit).ConfigureAwait(false) is { } known)
                {
                    return new WritePlan<Registration>([], new Registration(known.Rollout, false, null));
                }

                (string? owner, List<TableTransactionAction> writes) = await OwnAsync(rows, rollout.Id, rollout.Target, before, limit).ConfigureAwait(false);
                if (owner is not null)
                {
                    return new WritePlan<Registration>([], new Registration(null, false, owner));
                }

                writes.Add(new(TableTransactionActionType.Add, RegistryRow.Of(rollout)));
                writes.Add(new(TableTransactionActionType.UpsertReplace, RegistryRow.NewestOf(rollout)));
                writes.Add(new(TableTransactionActionType.UpsertReplace, RegistryRow.OpenOf(rollout.Id)));
                return new WritePlan<Registration>(writes, new Registration(rollout, true, null));
            },
            cancellationToken);

    /// <summary>Null when there is none of that id.</summary>
    public Task<RegisteredRollout?> FindAsync(string id, CancellationToken cancellationToken) =>
        table.RunAsync(async (rows, limit) => (await RegistryRow.FindAsync(rows, id, limit).ConfigureAwait(false))?.Rollout, cancellationToken);

    /// <summary>The ids of the rollouts, newest first.</summary>
    public Task<IReadOnlyList<string>> ListAsync(int most, CancellationToken cancellationToken) =>
        table.RunAsync<IReadOnlyList<string>>(
            async (rows, limit) => await RegistryRow.IdsAsync(rows, RegistryRow.Newest, most, limit).ConfigureAwait(false), cancellationToken);

    /// <summary>The rollouts that still have something to do, as far as is known here.</summary>
    public Task<IReadOnlyList<RegisteredRollout>> ListOpenAsync(CancellationToken cancellationToken) =>
        FindAllAsync(RegistryRow.Open, int.MaxValue, cancellationToken);

    /// <summary>The rollouts with what is known of them, newest first.</summary>
    public Task<IReadOnlyList<RegisteredRollout>> ListNewestAsync(int most, CancellationToken cancellationToken) =>
        FindAllAsync(RegistryRow.Newest, most, cancellationToken);

    /// <summary>Opens a finished rollout again and makes it the owner of its target; answers who owns it instead, or null.</summary>
    /// <exception cref="PortException">Kind NotFound: it was never registered.</exception>
    public Task<string?> ReopenAsync(string id, CancellationToken cancellationToken) =>
        writer.WriteAsync(
            RegistryRow.Partition,
            async (rows, limit) =>
            {
                (RegisteredRollout rollout, ETag read) = await RegistryRow.FindAsync(rows, id, limit).ConfigureAwait(false)
                    ?? throw new PortException(FailureKind.NotFound, $"there is no rollout {id}");
                (string? owner, List<TableTransactionAction> writes) = await OwnAsync(rows, id, rollout.Target, [], limit).ConfigureAwait(false);
                if (owner is null && !rollout.IsOpen)
                {
                    writes.Add(new(TableTransactionActionType.UpdateReplace, RegistryRow.Of(rollout with { IsOpen = true }), read));
                    writes.Add(new(TableTransactionActionType.UpsertReplace, RegistryRow.OpenOf(id)));
                }

                return new WritePlan<string?>(owner is null ? writes : [], owner);
            },
            cancellationToken);

    /// <summary>Records that nothing is left to do, and gives the target free.</summary>
    public Task FinishAsync(string id, CancellationToken cancellationToken) =>
        writer.WriteAsync(
            RegistryRow.Partition,
            async (rows, limit) =>
            {
                if (await RegistryRow.FindAsync(rows, id, limit).ConfigureAwait(false) is not { Rollout: { IsOpen: true } rollout, ETag: var read })
                {
                    return new WritePlan<bool>([], true);
                }

                IReadOnlyList<(string Key, string? Owner, ETag ETag)> owners = await RegistryRow.OwnersAsync(rows, rollout.Target, limit).ConfigureAwait(false);
                return new WritePlan<bool>(
                    [
                        new(TableTransactionActionType.UpdateReplace, RegistryRow.Of(rollout with { IsOpen = false }), read),
                        new(TableTransactionActionType.Delete, RegistryRow.OpenOf(id), ETag.All),
                        .. owners.Where(o => o.Owner == id).Select(o =>
                            new TableTransactionAction(TableTransactionActionType.Delete, RegistryRow.OwnedBy(o.Key, id), o.ETag)),
                    ],
                    true);
            },
            cancellationToken);

    /// <summary>The rollouts in a range of rows, in the order of their keys.</summary>
    private Task<IReadOnlyList<RegisteredRollout>> FindAllAsync(string range, int most, CancellationToken cancellationToken) =>
        table.RunAsync<IReadOnlyList<RegisteredRollout>>(
            async (rows, limit) =>
            {
                List<RegisteredRollout> all = [];
                foreach (string[] together in (await RegistryRow.IdsAsync(rows, range, most, limit).ConfigureAwait(false)).Chunk(20))
                {
                    (RegisteredRollout Rollout, ETag)?[] found = await Task
                        .WhenAll(together.Select(id => RegistryRow.FindAsync(rows, id, limit))).ConfigureAwait(false);
                    all.AddRange(found.OfType<(RegisteredRollout Rollout, ETag)>().Select(f => f.Rollout));
                }

                return all;
            },
            cancellationToken);

    /// <summary>Who stands in the way, or what to write to own every object that has no owner yet.</summary>
    private static async Task<(string? Owner, List<TableTransactionAction> Writes)> OwnAsync(
        TableClient rows, string id, TrafficTarget target, IReadOnlyCollection<string> before, CancellationToken cancellationToken)
    {
        IReadOnlyList<(string Key, string? Owner, ETag ETag)> owners = await RegistryRow.OwnersAsync(rows, target, cancellationToken).ConfigureAwait(false);
        return (
            owners.Select(o => o.Owner).FirstOrDefault(o => o is not null && o != id && !before.Contains(o)),
            [
                .. owners.Where(o => o.Owner is null)
                    .Select(o => new TableTransactionAction(TableTransactionActionType.Add, RegistryRow.OwnedBy(o.Key, id))),
                .. owners.Where(o => o.Owner is { } owner && owner != id && before.Contains(owner))
                    .Select(o => new TableTransactionAction(TableTransactionActionType.UpdateReplace, RegistryRow.OwnedBy(o.Key, id), o.ETag)),
            ]);
    }
}
