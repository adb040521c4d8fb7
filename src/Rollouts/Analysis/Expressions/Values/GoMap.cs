using System.Runtime.CompilerServices;

namespace Rollouts.Analysis.Expressions.Values;

/// <summary>
/// A map. Keys are equal when their types and their values are, as in Go; the keys keep the order in which they came, where Go
/// gives them in none.
/// </summary>
internal sealed class GoMap(GoType type)
{
    private static readonly object NilKey = new();

    private readonly Dictionary<object, object?> items = new(KeyComparer.Instance);

    public GoType Type { get; } = type;

    public int Count => items.Count;

    /// <summary>How many arrays and maps are one within the other here, this one included.</summary>
    public int Depth { get; private set; } = 1;

    public IEnumerable<object?> Keys => items.Keys.Select(Outward);

    public IEnumerable<(object? Key, object? Value)> Pairs => items.Select(item => (Outward(item.Key), item.Value));

    public void Set(object? key, object? value)
    {
        items[Inward(key)] = value;
        Depth = Nesting.Around(Nesting.Around(Depth, key), value);
    }

    /// <summary>Looks a key up, which fails for a key that is not of the map's key type.</summary>
    public bool TryGet(object? key, out object? value)
    {
        // Go looks for the zero value of the key type in place of nil.
        key ??= Type.Key!.Kind switch
        {
            GoKind.String => "",
            GoKind.Int => GoValues.Box(0L),
            _ => null,
        };
        var keyType = GoValues.TypeOf(key);
        if (keyType is not null && !keyType.IsAssignableTo(Type.Key!))
        {
            throw new EvaluationFailure(
                $"reflect.Value.MapIndex: value of type {keyType} is not assignable to type {Type.Key}");
        }

        return items.TryGetValue(Inward(key), out value);
    }

    private static object? Outward(object key) => ReferenceEquals(key, NilKey) ? null : key;

    private static object Inward(object? key)
    {
        if (key is GoMap or GoFunction or GoSlice { Type.Kind: GoKind.Slice })
        {
            throw new EvaluationFailure($"runtime error: hash of unhashable type {GoValues.NameOfType(key)}");
        }

        return key ?? NilKey;
    }

    /// <summary>No NaN equals another, not even as a key.</summary>
    private sealed class KeyComparer : IEqualityComparer<object>
    {
        public static readonly KeyComparer Instance = new();

        public new bool Equals(object? x, object? y) =>
            x is double a && y is double b ? a == b : Equality.AreIdentical(x, y);

        public int GetHashCode(object obj)
        {
            if (obj is not GoSlice array)
            {
                return obj.GetHashCode();
            }

            RuntimeHelpers.EnsureSufficientExecutionStack();
            var hash = default(HashCode);
            foreach (var item in array.Items)
            {
                hash.Add(Inward(item), this);
            }

            return hash.ToHashCode();
        }
    }
}
