namespace Rollouts.Analysis.Expressions.Times;

/// <summary>Offsets from Greenwich and abbreviations of zones.</summary>
internal ref partial struct TimeParser
{
    /// <summary>The offset of a zone that is known by its abbreviation only is unknown to Go too, except after "GMT".</summary>
    private static GoZone ZoneOf(string name) =>
        name.Length > 3 && name.StartsWith("GMT", StringComparison.Ordinal) && int.TryParse(name.AsSpan(3), out var hours)
            ? GoZone.Fixed(name, hours * 3600)
            : GoZone.Fixed(name, 0);

    private void ReadOffset(string element)
    {
        if (element[0] == 'Z' && rest is ['Z', ..])
        {
            rest = rest[1..];
            isUtc = true;
            return;
        }

        if (rest is not ['+' or '-', ..])
        {
            throw Unfit();
        }

        var sign = rest[0] == '-' ? -1 : 1;
        rest = rest[1..];
        var seconds = InRange(Number(2, 2), 0, 24, "time zone offset hour") * 3600;
        var hasColons = element.Contains(':');
        var parts = element.Replace(":", "", StringComparison.Ordinal).Length / 2;
        foreach (var unit in (ReadOnlySpan<int>)[60, 1])
        {
            if (--parts > 0)
            {
                if (hasColons)
                {
                    SkipLiteral(":");
                }

                seconds += InRange(Number(2, 2), 0, 60, "time zone offset") * unit;
            }
        }

        offset = sign * seconds;
    }

    private void ReadZoneName()
    {
        if (rest.StartsWith("UTC", StringComparison.Ordinal))
        {
            isUtc = true;
            rest = rest[3..];
            return;
        }

        var length = ZoneNameLength(rest);
        if (length == 0)
        {
            throw Unfit();
        }

        zoneName = rest[..length].ToString();
        rest = rest[length..];
    }

    private static int ZoneNameLength(ReadOnlySpan<char> text)
    {
        if (text.StartsWith("ChST", StringComparison.Ordinal) || text.StartsWith("MeST", StringComparison.Ordinal))
        {
            return 4;
        }

        if (text.StartsWith("GMT", StringComparison.Ordinal))
        {
            return 3 + SignedHoursLength(text[3..]);
        }

        if (text is ['+' or '-', ..])
        {
            return text.Length >= 3 ? SignedHoursLength(text) : 0;
        }

        var letters = 0;
        while (letters < 6 && letters < text.Length && text[letters] is >= 'A' and <= 'Z')
        {
            letters++;
        }

        return letters switch
        {
            3 => 3,
            4 when text[3] == 'T' || text[..4] is "WITA" => 4,
            5 when text[4] == 'T' => 5,
            _ => 0,
        };
    }

    private static int SignedHoursLength(ReadOnlySpan<char> text)
    {
        if (text is not ['+' or '-', ..])
        {
            return 0;
        }

        var digits = Digits(text[1..]);
        return digits > 0 && int.TryParse(text.Slice(1, digits), out var hours) && hours < 24 ? digits + 1 : 0;
    }
}
