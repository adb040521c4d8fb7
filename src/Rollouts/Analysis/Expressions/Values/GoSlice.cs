namespace Rollouts.Analysis.Expressions.Values;

/// <summary>A slice or an array. Its elements never change, so parts of it share them.</summary>
internal sealed class GoSlice
{
    public GoSlice(GoType type, ArraySegment<object?> items, bool isNil = false)
        : this(type, items, isNil, IsFlat(type) ? 1 : Nesting.Around(items))
    {
    }

    private GoSlice(GoType type, IReadOnlyList<object?> items, bool isNil, int depth) =>
        (Type, Items, IsNil, Depth) = (type, items, isNil, depth);

    public GoType Type { get; }

    /// <summary>A slice that was never made: it has no elements and equals nil.</summary>
    public bool IsNil { get; }

    public IReadOnlyList<object?> Items { get; }

    public int Count => Items.Count;

    /// <summary>How many arrays and maps are one within the other here, this one included.</summary>
    public int Depth { get; }

    public object? this[int index] => Items[index];

    public static GoSlice Of(object?[] items) => new(GoType.Anys, items);

    /// <summary>The whole numbers from the first one on.</summary>
    public static GoSlice OfRange(long first, int count) => new(GoType.Ints, new GoRange(first, count), isNil: false, depth: 1);

    public static GoSlice OfTexts(IEnumerable<string> texts) => new(GoType.Strings, texts.ToArray<object?>());

    public static GoSlice Nil(GoType type) => new(type, ArraySegment<object?>.Empty, isNil: true);

    /// <summary>The elements from one index up to another, as a slice of a type that may be another one.</summary>
    public GoSlice Part(GoType type, int start, int end) =>
        new(type, Items is GoRange range ? range.Part(start, end) : ((ArraySegment<object?>)Items)[start..end], IsNil, Depth);

    /// <summary>Whether both have the very same elements in memory.</summary>
    public bool SharesItemsWith(GoSlice other) => Items.Equals(other.Items);

    /// <summary>The bytes of a text, which is what Go finds when it looks into one.</summary>
    public static GoSlice OfBytes(string bytes)
    {
        var items = new object?[bytes.Length];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = GoValues.Box((byte)bytes[i]);
        }

        return new(GoType.Bytes, items);
    }

    /// <summary>The text of a slice of bytes.</summary>
    public string ToText() => string.Create(Count, Items, static (text, items) =>
    {
        for (var i = 0; i < text.Length; i++)
        {
            text[i] = (char)(byte)items[i]!;
        }
    });

    private static bool IsFlat(GoType type) =>
        type == GoType.Floats || type == GoType.Ints || type == GoType.Strings || type == GoType.Bytes;
}
