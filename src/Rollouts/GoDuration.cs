using System.Buffers;
using System.Globalization;
using System.Text;

namespace Rollouts;

/// <summary>
/// Durations as Go writes and reads them (<c>10s</c>, <c>1h30m</c>, <c>1.5h</c>, <c>300ms</c>), which is the form that Argo's manifests use.
/// </summary>
public static class GoDuration
{
    private static readonly (string Unit, decimal Nanoseconds)[] Units =
    [
        ("ns", 1m), ("us", 1e3m), ("µs", 1e3m), ("μs", 1e3m), ("ms", 1e6m), ("s", 1e9m), ("m", 6e10m), ("h", 3.6e12m),
    ];

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    /// <summary>Reads a duration as Go's <c>time.ParseDuration</c> does. Precision is 100 ns, the range ±290 years.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        ReadOnlySpan<char> rest = text;
        bool negative = false;
        if (rest.Length > 0 && rest[0] is '+' or '-')
        {
            negative = rest[0] == '-';
            rest = rest[1..];
        }

        if (rest is "0")
        {
            return true;
        }

        if (rest.IsEmpty || rest.Length > 64)
        {
            return false;
        }

        decimal total = 0;
        while (!rest.IsEmpty)
        {
            int digits = rest.IndexOfAnyExcept(NumberCharacters);
            if (digits <= 0
                || rest[..digits] is "."
                || !decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number))
            {
                return false;
            }

            rest = rest[digits..];
            int length = rest.IndexOfAny(NumberCharacters);
            ReadOnlySpan<char> unit = length < 0 ? rest : rest[..length];
            decimal scale = 0;
            foreach ((string name, decimal nanoseconds) in Units)
            {
                if (unit.SequenceEqual(name))
                {
                    scale = nanoseconds;
                }
            }

            if (scale == 0 || number > long.MaxValue / scale)
            {
                return false;
            }

            total += number * scale;
            if (total > long.MaxValue)
            {
                return false;
            }

            rest = rest[unit.Length..];
        }

        long ticks = (long)(total / 100m);
        duration = TimeSpan.FromTicks(negative ? -ticks : ticks);
        return true;
    }

    /// <summary>Writes a duration as a person would in a manifest: <c>1h30m</c>, <c>10s</c>, <c>1.5s</c>, <c>0s</c>.</summary>
    public static string Format(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
        {
            return "0s";
        }

        var text = new StringBuilder();
        if (duration < TimeSpan.Zero)
        {
            text.Append('-');
            duration = duration.Negate();
        }

        if ((long)duration.TotalHours is > 0 and long hours)
        {
            text.Append(hours).Append('h');
        }

        if (duration.Minutes > 0)
        {
            text.Append(duration.Minutes).Append('m');
        }

        decimal seconds = duration.Ticks % TimeSpan.TicksPerMinute / (decimal)TimeSpan.TicksPerSecond;
        if (seconds > 0)
        {
            text.Append(seconds.ToString("0.#######", CultureInfo.InvariantCulture)).Append('s');
        }

        return text.ToString();
    }
}
