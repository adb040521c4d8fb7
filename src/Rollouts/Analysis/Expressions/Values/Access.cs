using Rollouts.Analysis.Expressions.Times;

namespace Rollouts.Analysis.Expressions.Values;

/// <summary>What is inside a value: its elements, parts, fields and methods.</summary>
internal static class Access
{
    /// <summary>The element, field or method under a key; a negative index counts from the end.</summary>
    public static object? Fetch(object? from, object? key)
    {
        if (key is string method && GoMethods.TryBind(from, method, out var bound))
        {
            return bound;
        }

        switch (from)
        {
            case GoSlice slice:
                return slice[Index(key, slice.Count)];
            case string text:
                return GoValues.Box((byte)text[Index(key, text.Length)]);
            case GoMap map:
                return map.TryGet(key, out var value) ? value
                    : map.Type.Element == GoType.Anys ? GoSlice.Nil(GoType.Anys) : null;
            default:
                throw new EvaluationFailure($"cannot fetch {GoFormat.Brief(key)} from {GoValues.NameOfType(from)}");
        }
    }

    /// <summary>As <see cref="Fetch"/>, but what is not there is nil.</summary>
    public static object? FetchOrNil(object? from, object? key)
    {
        if (key is string method && GoMethods.TryBind(from, method, out var bound))
        {
            return bound;
        }

        switch (from)
        {
            case GoSlice slice:
                var at = FromEnd(GoValues.ToInt(key), slice.Count);
                return at >= 0 && at < slice.Count ? slice[(int)at] : null;
            case string text:
                var position = FromEnd(GoValues.ToInt(key), text.Length);
                return position >= 0 && position < text.Length ? GoValues.Box((byte)text[(int)position]) : null;
            case GoMap map:
                return map.TryGet(key, out var value) ? value : null;
            default:
                return null;
        }
    }

    /// <summary>A part of a slice or of a text; borders beyond the ends are the ends.</summary>
    public static object? Slice(object? from, object? start, object? end, IMeter meter)
    {
        switch (from)
        {
            case GoSlice slice:
                var (first, last) = Borders(start, end, slice.Count);
                return slice.Part(slice.Type == GoType.Pair ? GoType.Anys : slice.Type, first, last);
            case string text:
                var (begin, stop) = Borders(start, end, text.Length);
                return meter.Made(text[begin..stop]);
            default:
                throw new EvaluationFailure($"cannot slice {GoFormat.Brief(start)}");
        }
    }

    /// <summary>The operator <c>in</c>: an element of a slice, or a key of a map.</summary>
    public static bool Contains(object? collection, object? item, IMeter meter)
    {
        switch (collection)
        {
            case null:
                return false;
            case GoSlice slice:
                meter.Step(2 * slice.Count);
                foreach (var element in slice.Items)
                {
                    if (Equality.AreEqual(element, item, meter))
                    {
                        return true;
                    }
                }

                return false;
            case GoMap map:
                meter.Weigh(item);
                return map.TryGet(item, out _);
            case GoTime when item is string:
            case GoZone when item is string:
                return false;
            case GoTime or GoZone:
                throw new EvaluationFailure(
                    $"cannot use {GoValues.NameOfType(item)} as field name of {GoValues.NameOfType(collection)}");
            default:
                throw new EvaluationFailure($"operator \"in\" not defined on {GoValues.NameOfType(collection)}");
        }
    }

    /// <summary>The number of elements, or of a text's bytes (as a slice counts them) or characters (as <c>len</c> does).</summary>
    public static long Length(object? value, bool inCharacters) => value switch
    {
        string text => inCharacters ? GoText.Runes(text).LongCount() : text.Length,
        GoSlice slice => slice.Count,
        GoMap map => map.Count,
        _ => throw new EvaluationFailure($"invalid argument for len (type {GoValues.NameOfType(value)})"),
    };

    private static int Index(object? key, int length)
    {
        var index = FromEnd(GoValues.ToInt(key), length);
        return index >= 0 && index < length
            ? (int)index
            : throw new EvaluationFailure($"index out of range: {index} (array length is {length})");
    }

    private static long FromEnd(long index, int length) => index < 0 ? length + index : index;

    private static (int Start, int End) Borders(object? start, object? end, int length)
    {
        var first = Math.Max(0, FromEnd(GoValues.ToInt(start), length));
        var last = Math.Clamp(FromEnd(GoValues.ToInt(end), length), 0, length);
        return ((int)Math.Min(first, last), (int)last);
    }
}
