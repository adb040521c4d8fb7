using System.Runtime.CompilerServices;
using Rollouts.Analysis.Expressions.Times;

namespace Rollouts.Analysis.Expressions.Values;

/// <summary>The two equalities of the language: of <c>==</c>, and Go's strict one that it falls back to.</summary>
internal static class Equality
{
    /// <summary>
    /// Equality as <c>==</c> means it: numbers of all types compare by value, and so do the elements of slices, unless both
    /// slices have element types of their own that differ. All else is equal when it is identical.
    /// </summary>
    public static bool AreEqual(object? a, object? b, IMeter meter)
    {
        if (a is double x && b is double y)
        {
            return x == y;
        }

        if (GoValues.IsNumber(a) && GoValues.IsNumber(b))
        {
            return a is double || b is double
                ? GoValues.ToFloat(a) == GoValues.ToFloat(b)
                : GoValues.ToInt(a) == GoValues.ToInt(b);
        }

        if (a is GoSlice { Type.Kind: GoKind.Slice } left && b is GoSlice { Type.Kind: GoKind.Slice } right
            && (left.Type == right.Type || left.Type == GoType.Anys || right.Type == GoType.Anys)
            && IsCompared(left.Type) && IsCompared(right.Type))
        {
            return ElementsAreEqual(left, right, meter);
        }

        return (a, b) switch
        {
            (GoTime s, GoTime t) => s.CompareTo(t) == 0,
            _ => (GoValues.IsNil(a) && GoValues.IsNil(b)) || AreIdentical(a, b, meter),
        };
    }

    /// <summary>
    /// Equality as Go's <c>reflect.DeepEqual</c> means it: type by type, all the way down. A meter counts what is compared; none is
    /// needed where the values are known to be small, or have been weighed.
    /// </summary>
    public static bool AreIdentical(object? a, object? b, IMeter? meter = null)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        switch (a, b)
        {
            case (null, _):
            case (_, null):
                return a is null && b is null;
            case (double x, double y):
                return x == y;
            case (string x, string y):
                meter?.Weigh(x);
                return string.Equals(x, y, StringComparison.Ordinal);
            case (GoSlice x, GoSlice y):
                meter?.Step(2 * x.Count);
                return x.Type == y.Type && x.IsNil == y.IsNil && x.Count == y.Count
                    && (x.SharesItemsWith(y) || x.Items.Zip(y.Items).All(pair => AreIdentical(pair.First, pair.Second, meter)));
            case (GoMap x, GoMap y):
                meter?.Step(8 * x.Count);
                return ReferenceEquals(x, y)
                    || (x.Type == y.Type && x.Count == y.Count && x.Pairs.All(
                        pair => y.TryGet(pair.Key, out var other) && AreIdentical(pair.Value, other, meter)));
            case (GoFunction, GoFunction):
                return false;
            default:
                return a.Equals(b);
        }
    }

    private static bool ElementsAreEqual(GoSlice a, GoSlice b, IMeter meter)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (a.Count != b.Count)
        {
            return false;
        }

        meter.Step(2 * a.Count);
        for (var i = 0; i < a.Count; i++)
        {
            if (!AreEqual(a[i], b[i], meter))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsCompared(GoType type) =>
        type == GoType.Anys || type.Element is { Kind: GoKind.String } or { IsNumber: true };
}
