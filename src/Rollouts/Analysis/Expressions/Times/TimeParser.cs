using Rollouts.Analysis.Expressions.Values;

namespace Rollouts.Analysis.Expressions.Times;

/// <summary>Reads a time that is written as a layout of Go's has it.</summary>
internal ref partial struct TimeParser
{
    private readonly string text;
    private ReadOnlySpan<char> rest;
    private long year;
    private int month, day, yearDay, hour, minute, second, nanoseconds;
    private bool? isAfternoon;
    private int? offset;
    private bool isUtc;
    private string? zoneName;

    private TimeParser(string text)
    {
        this.text = text;
        rest = text;
    }

    /// <summary>Reads a time; where the text names no zone, it is a time of the given one.</summary>
    public static GoTime Parse(string layout, string text, GoZone zone)
    {
        var pieces = TimeLayout.Split(layout);
        var parser = new TimeParser(text);
        for (var i = 0; i < pieces.Count; i++)
        {
            parser.Read(pieces[i], i + 1 < pieces.Count ? pieces[i + 1] : default);
        }

        return parser.rest.IsEmpty ? parser.Result(zone) : throw parser.Unfit("extra text");
    }

    private readonly GoTime Result(GoZone zone)
    {
        var clock = isAfternoon switch
        {
            true when hour < 12 => hour + 12,
            false when hour == 12 => 0,
            _ => hour,
        };
        var (actualMonth, actualDay) = (Math.Max(month, 1), Math.Max(day, 1));
        if (yearDay > 0)
        {
            var (_, monthOfDay, dayOfMonth) = GoCalendar.DateFromDays(GoCalendar.DaysFromDate(year, 1, yearDay));
            if (yearDay > 365 + (GoCalendar.DaysIn(year, 2) - 28)
                || (month > 0 && month != monthOfDay) || (day > 0 && day != dayOfMonth))
            {
                throw Unfit("day-of-year does not match");
            }

            (actualMonth, actualDay) = (monthOfDay, dayOfMonth);
        }

        if (day < 0 || actualDay > GoCalendar.DaysIn(year, actualMonth))
        {
            throw Unfit("day out of range");
        }

        GoTime At(in TimeParser p, GoZone z) =>
            GoTime.At(p.year, actualMonth, actualDay, clock, p.minute, p.second, p.nanoseconds, z);

        if (isUtc)
        {
            return At(this, GoZone.Utc);
        }

        if (offset is { } seconds)
        {
            return At(this, seconds == 0 && zoneName is null or "UTC" ? GoZone.Utc : GoZone.Fixed(zoneName ?? "", seconds));
        }

        return zoneName is null ? At(this, zone) : At(this, GoZone.Fixed("", 0)) with { Zone = ZoneOf(zoneName) };
    }

    private void Read(LayoutPiece piece, LayoutPiece next)
    {
        if (!piece.IsElement)
        {
            SkipLiteral(piece.Text);
            return;
        }

        if (piece.IsFraction)
        {
            ReadFraction(piece.Text);
            return;
        }

        switch (piece.Text)
        {
            case "2006":
                year = Number(4, 4);
                break;
            case "06":
                var two = Number(2, 2);
                year = two >= 69 ? two + 1900 : two + 2000;
                break;
            case "January" or "Jan":
                month = Name(GoCalendar.Months, piece.Text.Length == 3) + 1;
                break;
            case "1" or "01":
                month = InRange(Number(piece.Text.Length, 2), 1, 12, "month");
                break;
            case "Monday" or "Mon":
                Name(GoCalendar.Weekdays, piece.Text.Length == 3);
                break;
            case "2" or "02" or "_2":
                SkipPadding(piece.Text, 1);
                day = Number(piece.Text == "02" ? 2 : 1, 2) is var number and > 0 ? number : -1;
                break;
            case "002" or "__2":
                SkipPadding(piece.Text, 2);
                yearDay = InRange(Number(piece.Text == "002" ? 3 : 1, 3), 1, 366, "day-of-year");
                break;
            case "15":
                hour = InRange(Number(1, 2), 0, 23, "hour");
                break;
            case "3" or "03":
                hour = InRange(Number(piece.Text.Length, 2), 0, 12, "hour");
                break;
            case "4" or "04":
                minute = InRange(Number(piece.Text.Length, 2), 0, 59, "minute");
                break;
            case "5" or "05":
                second = InRange(Number(piece.Text.Length, 2), 0, 59, "second");
                ReadUnaskedFraction(next);
                break;
            case "PM" or "pm":
                ReadHalf(piece.Text);
                break;
            case "MST":
                ReadZoneName();
                break;
            default:
                ReadOffset(piece.Text);
                break;
        }
    }

    private void SkipLiteral(string literal)
    {
        var wanted = literal.AsSpan();
        while (!wanted.IsEmpty)
        {
            if (wanted[0] == ' ')
            {
                if (!rest.IsEmpty && rest[0] != ' ')
                {
                    throw Unfit();
                }

                wanted = wanted.TrimStart(' ');
                rest = rest.TrimStart(' ');
            }
            else if (rest.IsEmpty || rest[0] != wanted[0])
            {
                throw Unfit();
            }
            else
            {
                wanted = wanted[1..];
                rest = rest[1..];
            }
        }
    }

    private void SkipPadding(string element, int most)
    {
        for (var i = 0; i < most && element[0] == '_' && rest is [' ', ..]; i++)
        {
            rest = rest[1..];
        }
    }

    private int Number(int fewest, int most)
    {
        var digits = 0;
        while (digits < most && digits < rest.Length && char.IsAsciiDigit(rest[digits]))
        {
            digits++;
        }

        if (digits < fewest || digits == 0)
        {
            throw Unfit();
        }

        var number = int.Parse(rest[..digits], System.Globalization.CultureInfo.InvariantCulture);
        rest = rest[digits..];
        return number;
    }

    private readonly int InRange(int number, int least, int most, string what) =>
        number >= least && number <= most ? number : throw Unfit(what + " out of range");

    private int Name(string[] names, bool isShort)
    {
        for (var i = 0; i < names.Length; i++)
        {
            var name = isShort ? names[i][..3] : names[i];
            if (rest.StartsWith(name, StringComparison.OrdinalIgnoreCase))
            {
                rest = rest[name.Length..];
                return i;
            }
        }

        throw Unfit();
    }

    private void ReadHalf(string element)
    {
        var (before, after) = element == "PM" ? ("AM", "PM") : ("am", "pm");
        isAfternoon = rest.StartsWith(after, StringComparison.Ordinal) ? true
            : rest.StartsWith(before, StringComparison.Ordinal) ? false
            : throw Unfit();
        rest = rest[2..];
    }

    private void ReadFraction(string element)
    {
        var isExact = element[1] == '0';
        if (isExact)
        {
            if (rest.Length < element.Length || rest[0] is not ('.' or ',') || Digits(rest[1..element.Length]) < element.Length - 1)
            {
                throw Unfit();
            }

            TakeFraction(element.Length - 1);
        }
        else if (rest is ['.' or ',', (>= '0' and <= '9'), ..])
        {
            TakeFraction(Digits(rest[1..]));
        }
    }

    // Go takes a fraction after the seconds although the layout has none.
    private void ReadUnaskedFraction(LayoutPiece next)
    {
        if (!next.IsFraction && rest is ['.' or ',', (>= '0' and <= '9'), ..])
        {
            TakeFraction(Digits(rest[1..]));
        }
    }

    private void TakeFraction(int digits)
    {
        var used = rest.Slice(1, Math.Min(digits, 9)).ToString().PadRight(9, '0');
        nanoseconds = int.Parse(used, System.Globalization.CultureInfo.InvariantCulture);
        rest = rest[(1 + digits)..];
    }

    private static int Digits(ReadOnlySpan<char> text) =>
        text.IndexOfAnyExceptInRange('0', '9') is var end and >= 0 ? end : text.Length;

    private readonly EvaluationFailure Unfit(string? why = null) =>
        new($"parsing time \"{text}\": {why ?? $"cannot parse \"{rest}\""}");
}
