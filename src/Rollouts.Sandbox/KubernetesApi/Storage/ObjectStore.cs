using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Rollouts.Sandbox.KubernetesApi.Storage;

internal enum ChangeType
{
    Added,
    Modified,
    Deleted,
}

/// <summary>One committed write. Objects are never changed once they are in here.</summary>
internal sealed record Change(long Revision, KubernetesKind Kind, ChangeType Type, JsonObject? Before, JsonObject After);

/// <summary>
/// All objects under one counter of revisions, as etcd keeps them: writers run one after another inside <see cref="Write{T}"/>,
/// readers see whole writes only, and the last changes are remembered for watches.
/// </summary>
internal sealed class ObjectStore(int historyLength)
{
    private readonly Lock gate = new();
    private readonly Change?[] history = new Change?[historyLength];
    private readonly Dictionary<KubernetesKind, ImmutableSortedDictionary<Key, JsonObject>> objects = [];
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long current = 1;

    /// <summary>The revision that changes are remembered from.</summary>
    public long OldestKnown => Math.Max(1, Interlocked.Read(ref current) - historyLength);

    public T Write<T>(Func<T> write)
    {
        lock (gate)
        {
            return write();
        }
    }

    public JsonObject? Find(KubernetesKind kind, string ns, string name)
    {
        lock (gate)
        {
            return Of(kind).GetValueOrDefault(new(ns, name));
        }
    }

    /// <summary>All objects of a kind in a namespace (in all of them when it is empty), by namespace and name, and the revision they are at.</summary>
    public (long Revision, IReadOnlyList<JsonObject> Objects) List(KubernetesKind kind, string ns)
    {
        lock (gate)
        {
            return (current, [.. Of(kind).Where(o => ns.Length == 0 || o.Key.Namespace == ns).Select(o => o.Value)]);
        }
    }

    /// <summary>Stores an object under the next revision and stamps it with that.</summary>
    public JsonObject Put(KubernetesKind kind, JsonObject value)
    {
        lock (gate)
        {
            var key = KeyOf(value);
            var all = Of(kind);
            var before = all.GetValueOrDefault(key);
            Stamp(value);
            objects[kind] = all.SetItem(key, value);
            Remember(new(current, kind, before is null ? ChangeType.Added : ChangeType.Modified, before, value));
            return value;
        }
    }

    /// <summary>Removes an object; what watches see of it carries the revision of the removal.</summary>
    public void Remove(KubernetesKind kind, JsonObject value)
    {
        lock (gate)
        {
            objects[kind] = Of(kind).Remove(KeyOf(value));
            var last = (JsonObject)value.DeepClone();
            Stamp(last);
            Remember(new(current, kind, ChangeType.Deleted, value, last));
        }
    }

    /// <summary>The changes of a kind after a revision.</summary>
    /// <returns>Null when some of them are forgotten; else the changes, the revision they reach, and what to await for more.</returns>
    public (IReadOnlyList<Change> Changes, long Revision, Task More)? ChangesAfter(KubernetesKind kind, long revision)
    {
        lock (gate)
        {
            if (revision < OldestKnown)
            {
                return null;
            }

            var changes = new List<Change>();
            for (var next = revision + 1; next <= current; next++)
            {
                if (history[next % history.Length] is { } change && change.Kind == kind)
                {
                    changes.Add(change);
                }
            }

            return (changes, current, changed.Task);
        }
    }

    private static Key KeyOf(JsonObject value) => new((string?)value["metadata"]!["namespace"] ?? "", (string)value["metadata"]!["name"]!);

    private ImmutableSortedDictionary<Key, JsonObject> Of(KubernetesKind kind) =>
        objects.GetValueOrDefault(kind, ImmutableSortedDictionary<Key, JsonObject>.Empty);

    private void Stamp(JsonObject value) => value["metadata"]!["resourceVersion"] = (++current).ToString(CultureInfo.InvariantCulture);

    private void Remember(Change change)
    {
        history[change.Revision % history.Length] = change;
        var waiting = changed;
        changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting.TrySetResult();
    }

    private readonly record struct Key(string Namespace, string Name) : IComparable<Key>
    {
        public int CompareTo(Key other) => string.CompareOrdinal(Namespace, other.Namespace) is not 0 and var order
            ? order
            : string.CompareOrdinal(Name, other.Name);
    }
}
