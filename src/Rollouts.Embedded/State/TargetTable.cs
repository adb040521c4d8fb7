using Microsoft.Data.Sqlite;
using Rollouts.Traffic;

namespace Rollouts.Embedded.State;

/// <summary>
/// Who owns which cluster object. Two rollouts conflict when they share any of them, whatever the rollouts are called: an ingress that both split, a
/// service between whose versions both shift.
/// </summary>
internal sealed class TargetTable(SqliteConnection connection) : IDisposable
{
    private readonly Statement find = new(
        connection,
        "SELECT t.key, j.rollout FROM targets t JOIN journals j ON j.key = t.key WHERE t.object = ?1 AND t.key <> ?2");

    private readonly Statement insert = new(connection, "INSERT INTO targets (object, key) VALUES (?1, ?2) ON CONFLICT DO NOTHING");
    private readonly Statement delete = new(connection, "DELETE FROM targets WHERE key = ?1");

    /// <summary>The rollout that owns one of the target's objects, or null.</summary>
    /// <param name="target">The target.</param>
    /// <param name="key">The rollout that asks; its own objects are not in its way. 0 for one that is not stored yet.</param>
    public (long Key, string Id)? Owner(TrafficTarget target, long key) => Owners(target, key).Select(o => ((long, string)?)o).FirstOrDefault();

    /// <summary>The rollouts that own any of the target's objects, each once.</summary>
    /// <param name="target">The target.</param>
    /// <param name="key">The rollout that asks; its own objects are not in its way. 0 for one that is not stored yet.</param>
    public IReadOnlyList<(long Key, string Id)> Owners(TrafficTarget target, long key)
    {
        List<(long Key, string Id)> owners = [];
        foreach (string name in Objects(target))
        {
            using SqliteDataReader rows = find.Rows(name, key);
            if (rows.Read() && !owners.Exists(o => o.Key == rows.GetInt64(0)))
            {
                owners.Add((rows.GetInt64(0), rows.GetString(1)));
            }
        }

        return owners;
    }

    /// <summary>Makes a rollout the owner of the target's objects, which have no other.</summary>
    public void Own(TrafficTarget target, long key)
    {
        foreach (string name in Objects(target))
        {
            insert.Run(name, key);
        }
    }

    public void Release(long key) => delete.Run(key);

    public void Dispose()
    {
        find.Dispose();
        insert.Dispose();
        delete.Dispose();
    }

    private static IEnumerable<string> Objects(TrafficTarget target) => target.Objects().Select(o => o.Key('/'));
}
