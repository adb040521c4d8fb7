namespace Rollouts.Analysis.Expressions.Times;

/// <summary>A piece of a layout of Go's: an element of the reference time, or text that stands for itself.</summary>
/// <param name="Text">The element as the layout has it (<c>2006</c>, <c>Jan</c>, <c>.000</c>), or the literal text.</param>
/// <param name="IsElement">Whether the text is an element.</param>
internal readonly record struct LayoutPiece(string Text, bool IsElement)
{
    public bool IsFraction => IsElement && Text[0] is '.' or ',' && Text.Length > 1;
}

/// <summary>Go's layouts: how the reference time, Mon Jan 2 15:04:05 MST 2006, would be written.</summary>
internal static class TimeLayout
{
    public const string Rfc3339 = "2006-01-02T15:04:05Z07:00";

    public const string Rfc3339Nano = "2006-01-02T15:04:05.999999999Z07:00";

    // Longer elements stand before those that they begin with.
    private static readonly string[] Elements =
    [
        "January", "Monday", "MST", "2006", "002", "__2", "_2", "01", "02", "03", "04", "05", "06", "15", "PM", "pm",
        "-07:00:00", "-070000", "-07:00", "-0700", "-07", "Z07:00:00", "Z070000", "Z07:00", "Z0700", "Z07",
        "1", "2", "3", "4", "5",
    ];

    public static List<LayoutPiece> Split(string layout)
    {
        var pieces = new List<LayoutPiece>();
        var literalFrom = 0;
        for (var at = 0; at < layout.Length;)
        {
            var length = ElementAt(layout, at);
            if (length == 0)
            {
                at++;
                continue;
            }

            AddLiteral(pieces, layout[literalFrom..at]);
            pieces.Add(new LayoutPiece(layout.Substring(at, length), true));
            at += length;
            literalFrom = at;
        }

        AddLiteral(pieces, layout[literalFrom..]);
        return pieces;
    }

    private static void AddLiteral(List<LayoutPiece> pieces, string text)
    {
        if (text.Length > 0)
        {
            pieces.Add(new LayoutPiece(text, false));
        }
    }

    private static int ElementAt(string layout, int at)
    {
        var rest = layout.AsSpan(at);
        if (rest[0] is '.' or ',')
        {
            return FractionAt(rest);
        }

        // "_2006" is an underscore and a year, no day.
        if (rest.StartsWith("_2006", StringComparison.Ordinal))
        {
            return 0;
        }

        foreach (var element in Elements)
        {
            if (rest.StartsWith(element, StringComparison.Ordinal))
            {
                return element.Length;
            }
        }

        // "Jan" and "Mon" are none when they begin another word.
        var isShortName = rest.StartsWith("Jan", StringComparison.Ordinal) || rest.StartsWith("Mon", StringComparison.Ordinal);
        return isShortName && (rest.Length == 3 || rest[3] is < 'a' or > 'z') ? 3 : 0;
    }

    private static int FractionAt(ReadOnlySpan<char> rest)
    {
        if (rest.Length < 2 || rest[1] is not ('0' or '9'))
        {
            return 0;
        }

        var end = rest[1..].IndexOfAnyExcept(rest[1]);
        var length = end < 0 ? rest.Length : end + 1;
        return length < rest.Length && char.IsAsciiDigit(rest[length]) ? 0 : length;
    }
}
