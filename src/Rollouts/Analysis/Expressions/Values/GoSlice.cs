namespace Rollouts.Analysis.Expressions.Values;

/// <summary>A slice or an array. Its elements never change, so parts of it share them.</summary>
internal sealed class GoSlice(GoType type, ArraySegment<object?> items, bool isNil = false)
{
    public GoType Type { get; } = type;

    /// <summary>A slice that was never made: it has no elements and equals nil.</summary>
    public bool IsNil { get; } = isNil;

    public ArraySegment<object?> Items { get; } = items;

    public int Count => Items.Count;

    public object? this[int index] => Items[index];

    public static GoSlice Of(object?[] items) => new(GoType.Anys, items);

    public static GoSlice OfTexts(IEnumerable<string> texts) => new(GoType.Strings, texts.ToArray<object?>());

    public static GoSlice Nil(GoType type) => new(type, ArraySegment<object?>.Empty, isNil: true);

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
}
