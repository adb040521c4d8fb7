using System.Globalization;

namespace Rollouts.Analysis.Expressions;

/// <summary>Numbers in Go's notation.</summary>
internal static class GoNumbers
{
    /// <summary>
    /// The shortest digits that read back as the same number, never with an exponent (Go's <c>strconv.FormatFloat(x, 'f', -1,
    /// 64)</c>), and <c>NaN</c>, <c>+Inf</c>, <c>-Inf</c>.
    /// </summary>
    public static string Format(double value)
    {
        if (double.IsNaN(value))
        {
            return "NaN";
        }

        if (double.IsInfinity(value))
        {
            return value > 0 ? "+Inf" : "-Inf";
        }

        var shortest = value.ToString("R", CultureInfo.InvariantCulture);
        var exponentAt = shortest.IndexOf('E', StringComparison.Ordinal);
        if (exponentAt < 0)
        {
            return shortest;
        }

        var exponent = int.Parse(shortest.AsSpan(exponentAt + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var negative = shortest[0] == '-';
        var mantissa = shortest[(negative ? 1 : 0)..exponentAt];
        var pointAt = mantissa.IndexOf('.', StringComparison.Ordinal);
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        var wholeDigits = (pointAt < 0 ? mantissa.Length : pointAt) + exponent;
        var unsigned = wholeDigits <= 0
            ? $"0.{new string('0', -wholeDigits)}{digits}"
            : wholeDigits >= digits.Length
                ? digits.PadRight(wholeDigits, '0')
                : $"{digits[..wholeDigits]}.{digits[wholeDigits..]}";
        return negative ? "-" + unsigned : unsigned;
    }
}
