using System.Globalization;
using System.Text;

namespace Rollouts.Analysis.Expressions.Times;

/// <summary>Writes a time as a layout of Go's has it.</summary>
internal static class TimeWriter
{
    /// <summary>The steps of an evaluation that it takes to write a time, besides those for its characters.</summary>
    public const int Cost = 60;

    public static string Write(GoTime time, string layout)
    {
        var text = new StringBuilder();
        foreach (var piece in TimeLayout.Split(layout))
        {
            text.Append(
                !piece.IsElement ? piece.Text
                : piece.IsFraction ? Fraction(time.Nanoseconds, piece.Text)
                : Element(time, piece.Text));
        }

        return text.ToString();
    }

    private static string Element(GoTime time, string element)
    {
        var (year, month, day) = time.Date;
        var hour12 = time.Hour % 12 == 0 ? 12 : time.Hour % 12;
        return element switch
        {
            "2006" => (year < 0 ? "-" : "") + Pad(Math.Abs(year), 4),
            "06" => Pad(Math.Abs(year) % 100, 2),
            "January" => GoCalendar.Months[month - 1],
            "Jan" => GoCalendar.Months[month - 1][..3],
            "1" => Pad(month, 1),
            "01" => Pad(month, 2),
            "Monday" => time.Weekday.ToString(),
            "Mon" => time.Weekday.ToString()[..3],
            "2" => Pad(day, 1),
            "_2" => Pad(day, 1).PadLeft(2),
            "02" => Pad(day, 2),
            "__2" => Pad(time.YearDay, 1).PadLeft(3),
            "002" => Pad(time.YearDay, 3),
            "15" => Pad(time.Hour, 2),
            "3" => Pad(hour12, 1),
            "03" => Pad(hour12, 2),
            "4" => Pad(time.Minute, 1),
            "04" => Pad(time.Minute, 2),
            "5" => Pad(time.Second, 1),
            "05" => Pad(time.Second, 2),
            "PM" => time.Hour >= 12 ? "PM" : "AM",
            "pm" => time.Hour >= 12 ? "pm" : "am",
            "MST" => time.Zone.AbbreviationAt(time.UnixSeconds),
            _ => Offset(time.Offset, element),
        };
    }

    private static string Offset(int offset, string element)
    {
        if (element[0] == 'Z' && offset == 0)
        {
            return "Z";
        }

        var (total, colon) = (Math.Abs(offset), element.Contains(':') ? ":" : "");
        var text = $"{(offset < 0 ? '-' : '+')}{Pad(total / 3600, 2)}";
        return element.Replace(":", "", StringComparison.Ordinal).Length switch
        {
            3 => text,
            5 => $"{text}{colon}{Pad(total / 60 % 60, 2)}",
            _ => $"{text}{colon}{Pad(total / 60 % 60, 2)}{colon}{Pad(total % 60, 2)}",
        };
    }

    private static string Fraction(int nanoseconds, string element)
    {
        var digits = Pad(nanoseconds, 9).PadRight(element.Length - 1, '0')[..(element.Length - 1)];
        if (element[1] == '0')
        {
            return element[0] + digits;
        }

        digits = digits.TrimEnd('0');
        return digits.Length == 0 ? "" : element[0] + digits;
    }

    private static string Pad(long number, int width) => number.ToString(CultureInfo.InvariantCulture).PadLeft(width, '0');
}
