using System.Globalization;

namespace Rollouts.Analysis.Expressions.Times;

/// <summary>Go's time.Duration: nanoseconds.</summary>
internal readonly record struct GoTimeSpan(long Nanoseconds)
{
    public const long Microsecond = 1_000;
    public const long Millisecond = 1_000_000;
    public const long Second = 1_000_000_000;
    public const long Minute = 60 * Second;
    public const long Hour = 60 * Minute;

    /// <summary>Reads <c>1h15m30.918s</c>, as Go's time.ParseDuration does; null when the text is none.</summary>
    public static GoTimeSpan? Parse(string text)
    {
        var rest = text.AsSpan();
        var negative = rest is ['-', ..];
        if (rest is ['-' or '+', ..])
        {
            rest = rest[1..];
        }

        if (rest is "0")
        {
            return new GoTimeSpan(0);
        }

        if (rest.IsEmpty)
        {
            return null;
        }

        ulong total = 0;
        while (!rest.IsEmpty)
        {
            if (ParsePart(ref rest) is not { } part || (total += part) > 1UL << 63)
            {
                return null;
            }
        }

        return negative ? new GoTimeSpan(unchecked(-(long)total))
            : total > long.MaxValue ? null
            : new GoTimeSpan((long)total);
    }

    /// <summary>The time rounded to a multiple of a unit, halves away from zero.</summary>
    public GoTimeSpan Round(GoTimeSpan unit)
    {
        if (unit.Nanoseconds <= 0)
        {
            return this;
        }

        Int128 whole = Nanoseconds;
        Int128 rest = Int128.Abs(whole) % unit.Nanoseconds;
        var down = Int128.Abs(whole) - rest;
        var rounded = rest * 2 < unit.Nanoseconds ? down : down + unit.Nanoseconds;
        return new GoTimeSpan((long)Int128.Clamp(whole < 0 ? -rounded : rounded, long.MinValue, long.MaxValue));
    }

    public GoTimeSpan Truncate(GoTimeSpan unit) =>
        unit.Nanoseconds <= 0 ? this : new GoTimeSpan(Nanoseconds - (unit.Nanoseconds == 1 ? 0 : Nanoseconds % unit.Nanoseconds));

    public GoTimeSpan Absolute() => new(Nanoseconds switch
    {
        long.MinValue => long.MaxValue,
        < 0 => -Nanoseconds,
        _ => Nanoseconds,
    });

    /// <summary>The duration in a unit, as Go splits it: the whole part and the fraction are divided apart.</summary>
    public double In(long unit) => (double)(Nanoseconds / unit) + ((double)(Nanoseconds % unit) / unit);

    /// <summary>Go's notation: <c>1h0m0.5s</c>, <c>1.5ms</c>, <c>0s</c>.</summary>
    public override string ToString()
    {
        Int128 left = Int128.Abs(Nanoseconds);
        var sign = Nanoseconds < 0 ? "-" : "";
        if (left < Second)
        {
            return sign + ((long)left switch
            {
                0 => "0s",
                < Microsecond => $"{left}ns",
                < Millisecond => Fraction(left, Microsecond) + "\u00c2\u00b5s",
                _ => Fraction(left, Millisecond) + "ms",
            });
        }

        var (hours, minutes, seconds) = (left / Hour, left / Minute % 60, Fraction(left % Minute, Second) + "s");
        return sign + (hours > 0 ? $"{hours}h{minutes}m{seconds}" : minutes > 0 ? $"{minutes}m{seconds}" : seconds);
    }

    private static string Fraction(Int128 nanoseconds, long unit)
    {
        var digits = (unit + (nanoseconds % unit)).ToString(CultureInfo.InvariantCulture)[1..].TrimEnd('0');
        return digits.Length == 0 ? $"{nanoseconds / unit}" : $"{nanoseconds / unit}.{digits}";
    }

    private static ulong? ParsePart(ref ReadOnlySpan<char> rest)
    {
        var digits = Digits(rest);
        var whole = rest[..digits];
        rest = rest[digits..];
        ReadOnlySpan<char> fraction = [];
        if (rest is ['.', ..])
        {
            fraction = rest[1..(1 + Digits(rest[1..]))];
            rest = rest[(1 + fraction.Length)..];
        }

        var length = rest.IndexOfAnyInRange('0', '9') is var next and >= 0 ? next : rest.Length;
        length = rest[..length].IndexOf('.') is var point and >= 0 ? point : length;
        ulong? unit = rest[..length] switch
        {
            "ns" => 1,
            "us" or "\u00c2\u00b5s" or "\u00ce\u00bcs" => (ulong)Microsecond,
            "ms" => (ulong)Millisecond,
            "s" => (ulong)Second,
            "m" => (ulong)Minute,
            "h" => (ulong)Hour,
            _ => null,
        };
        rest = rest[length..];
        if (unit is not { } size || (whole.IsEmpty && fraction.IsEmpty) || !TryWhole(whole, size, out var value))
        {
            return null;
        }

        // Digits beyond what a double tells apart make no difference in nanoseconds.
        var portion = fraction.IsEmpty ? 0 : double.Parse($"0.{fraction}", CultureInfo.InvariantCulture) * size;
        return value + (ulong)portion is var sum and <= 1UL << 63 ? sum : null;
    }

    private static bool TryWhole(ReadOnlySpan<char> digits, ulong unit, out ulong value)
    {
        value = 0;
        if (!digits.IsEmpty && !ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value))
        {
            return false;
        }

        if (value > (1UL << 63) / unit)
        {
            return false;
        }

        value *= unit;
        return true;
    }

    private static int Digits(ReadOnlySpan<char> text) =>
        text.IndexOfAnyExceptInRange('0', '9') is var end and >= 0 ? end : text.Length;
}
