using Rollouts.Analysis.Expressions.Times;

namespace Rollouts.Analysis.Expressions.Values;

/// <summary>The comparisons &lt;, &lt;=, &gt; and &gt;=. A comparison with NaN never holds.</summary>
internal static class Ordering
{
    public static bool Holds(string comparison, object? a, object? b)
    {
        if (GoValues.IsNumber(a) && GoValues.IsNumber(b))
        {
            if (a is double || b is double)
            {
                var (x, y) = (GoValues.ToFloat(a), GoValues.ToFloat(b));
                return comparison switch
                {
                    "<" => x < y,
                    "<=" => x <= y,
                    ">" => x > y,
                    _ => x >= y,
                };
            }

            return Holds(comparison, GoValues.ToInt(a).CompareTo(GoValues.ToInt(b)));
        }

        return (a, b) switch
        {
            (string x, string y) => Holds(comparison, string.CompareOrdinal(x, y)),
            (GoTime x, GoTime y) => Holds(comparison, x.CompareTo(y)),
            (GoTimeSpan x, GoTimeSpan y) => Holds(comparison, x.Nanoseconds.CompareTo(y.Nanoseconds)),
            _ => throw new EvaluationFailure(
                $"invalid operation: {GoValues.NameOfType(a)} {comparison} {GoValues.NameOfType(b)}"),
        };
    }

    public static bool IsLess(object? a, object? b) => Holds("<", a, b);

    public static bool IsMore(object? a, object? b) => Holds(">", a, b);

    /// <summary>
    /// Sorts the items by their keys. Few items are sorted by insertion, as Go does it, because that decides where a NaN ends;
    /// more of them by merging, which keeps the order of equals where Go leaves it open.
    /// </summary>
    public static object?[] Sort(IReadOnlyList<object?> items, IReadOnlyList<object?> keys, bool descending, IMeter meter)
    {
        bool Precedes(int a, int b) => descending ? IsLess(keys[b], keys[a]) : IsLess(keys[a], keys[b]);

        var order = new int[items.Count];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        Sort(order, Precedes, meter);
        return [.. order.Select(i => items[i])];
    }

    private static bool Holds(string comparison, int sign) => comparison switch
    {
        "<" => sign < 0,
        "<=" => sign <= 0,
        ">" => sign > 0,
        _ => sign >= 0,
    };

    private static void Sort(Span<int> order, Func<int, int, bool> precedes, IMeter meter)
    {
        const int few = 12;
        meter.Step(2 * order.Length);
        if (order.Length <= few)
        {
            for (var i = 1; i < order.Length; i++)
            {
                for (var j = i; j > 0 && precedes(order[j], order[j - 1]); j--)
                {
                    (order[j], order[j - 1]) = (order[j - 1], order[j]);
                }
            }

            return;
        }

        var left = order[..(order.Length / 2)].ToArray();
        var right = order[(order.Length / 2)..].ToArray();
        Sort(left, precedes, meter);
        Sort(right, precedes, meter);
        for (int at = 0, l = 0, r = 0; at < order.Length; at++)
        {
            var takesRight = l == left.Length || (r < right.Length && precedes(right[r], left[l]));
            order[at] = takesRight ? right[r++] : left[l++];
        }
    }
}
