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
    private readonly Lock _gate = new();
    private readonly Queue<Change> _history = new();
    private readonly Dictionary<KubernetesKind, ImmutableSortedDictionary<Key, JsonObject>> _objects = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _revision = 1;
    private long _oldestKnown = 1;

    /// <summary>The revision that changes are remembered from.</summary>
    public long OldestKnown
    {
        get
        {
            lock (_gate)
            {
                return _oldestKnown;
            }
        }
    }

    public T Write<T>(Func<T> write)
    {
        lock (_gate)
        {
            return write();
        }
    }

    public JsonObject? Find(KubernetesKind kind, string ns, string name)
    {
        lock (_gate)
        {
            return Of(kind).GetValueOrDefault(new(ns, name));
        }
    }

    /// <summary>All objects of a kind in a namespace (in all of them when it is empty), by namespace and name, and the revision they are at.</summary>
    public (long Revision, IReadOnlyList<JsonObject> Objects) List(KubernetesKind kind, string ns)
    {
        lock (_gate)
        {
            return (_revision, [.. Of(kind).Where(o => ns.Length == 0 || o.Key.Namespace == ns).Select(o => o.Value)]);
        }
    }

    /// <summary>Stores an object under the next revision and stamps it with that.</summary>
    public JsonObject Put(KubernetesKind kind, JsonObject value)
    {
        lock (_gate)
        {
            var key = KeyOf(value);
            var all = Of(kind);
            var before = all.GetValueOrDefault(key);
            Stamp(value);
            _objects[kind] = all.SetItem(key, value);
            Remember(new(_revision, kind, before is null ? ChangeType.Added : ChangeType.Modified, before, value));
            return value;
        }
    }

    /// <summary>Removes an object; what watches see of it carries the revision of the removal.</summary>
    public void Remove(KubernetesKind kind, JsonObject value)
    {
        lock (_gate)
        {
            _objects[kind] = Of(kind).Remove(KeyOf(value));
            var last = (JsonObject)value.DeepClone();
            Stamp(last);
            Remember(new(_revision, kind, ChangeType.Deleted, value, last));
        }
    }

    /// <summary>The changes of a kind after a revision.</summary>
    /// <returns>Null when some of them are forgotten; else the changes, the revision they reach, and what to await for more.</returns>
    public (IReadOnlyList<Change> Changes, long Revision, Task More)? ChangesAfter(KubernetesKind kind, long revision)
    {
        lock (_gate)
        {
            return revision < _oldestKnown
                ? null
                : ([.. _history.Where(c => c.Revision > revision && c.Kind == kind)], _revision, _changed.Task);
        }
    }

    private static Key KeyOf(JsonObject value) => new((string?)value["metadata"]!["namespace"] ?? "", (string)value["metadata"]!["name"]!);

    private ImmutableSortedDictionary<Key, JsonObject> Of(KubernetesKind kind) =>
        _objects.GetValueOrDefault(kind, ImmutableSortedDictionary<Key, JsonObject>.Empty);

    private void Stamp(JsonObject value) => value["metadata"]!["resourceVersion"] = (++_revision).ToString(CultureInfo.InvariantCulture);

    private void Remember(Change change)
    {
        _history.Enqueue(change);
        while (_history.Count > historyLength)
        {
            _oldestKnown = _history.Dequeue().Revision;
        }

        var waiting = _changed;
        _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting.TrySetResult();
    }

    private readonly record struct Key(string Namespace, string Name) : IComparable<Key>
    {
        public int CompareTo(Key other) => string.CompareOrdinal(Namespace, other.Namespace) is not 0 and var order
            ? order
            : string.CompareOrdinal(Name, other.Name);
    }
}
