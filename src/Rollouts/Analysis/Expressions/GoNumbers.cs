using System.Globalization;
using System.Text.RegularExpressions;

namespace Rollouts.Analysis.Expressions;

/// <summary>Numbers in Go's notations, written and read.</summary>
internal static partial class GoNumbers
{
    /// <summary>
    /// The shortest digits that read back as the same number, never with an exponent (Go's <c>strconv.FormatFloat(x, 'f', -1,
    /// 64)</c>), and <c>NaN</c>, <c>+Inf</c>, <c>-Inf</c>.
    /// </summary>
    public static string Format(double value) => double.IsFinite(value) ? Plain(Shortest(value)) : NotFinite(value);

    /// <summary>The number as <c>%v</c> writes it: with an exponent below 1e-4 and from 1e6 on.</summary>
    public static string FormatValue(double value)
    {
        if (!double.IsFinite(value))
        {
            return NotFinite(value);
        }

        var shortest = Shortest(value);
        return shortest.Exponent is < -4 or >= 6 ? Scientific(shortest, 2) : Plain(shortest);
    }

    /// <summary>A finite number as Go's encoding/json writes it.</summary>
    public static string FormatJson(double value)
    {
        var shortest = Shortest(value);
        return value != 0 && Math.Abs(value) is < 1e-6 or >= 1e21 ? Scientific(shortest, 1) : Plain(shortest);
    }

    /// <summary>Reads a number as Go's <c>strconv.ParseFloat</c> does; null when it is none or out of range.</summary>
    public static double? ParseFloat(string text)
    {
        var unsigned = text.TrimStart('+', '-');
        if (text.Length - unsigned.Length > 1)
        {
            return null;
        }

        var sign = text.StartsWith('-') ? -1.0 : 1.0;
        if (unsigned.Equals("inf", StringComparison.OrdinalIgnoreCase)
            || unsigned.Equals("infinity", StringComparison.OrdinalIgnoreCase))
        {
            return sign * double.PositiveInfinity;
        }

        if (text.Equals("nan", StringComparison.OrdinalIgnoreCase))
        {
            return double.NaN;
        }

        if (unsigned.Contains('_'))
        {
            if (StrayUnderscore().IsMatch(unsigned))
            {
                return null;
            }

            unsigned = unsigned.Replace("_", "", StringComparison.Ordinal);
        }

        if (HexFloat().Match(unsigned) is { Success: true } hex)
        {
            return sign * FromHex(hex) is var scaled && double.IsFinite(scaled) ? scaled : null;
        }

        return DecimalFloat().IsMatch(unsigned)
            && double.TryParse(unsigned, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number)
            ? sign * number
            : null;
    }

    /// <summary>Reads an integer as Go's <c>strconv.ParseInt</c> does in base 10.</summary>
    public static long? ParseInt(string text) =>
        text.AsSpan().TrimStart("+-").Length is > 0 and var digits
        && digits >= text.Length - 1
        && text.AsSpan(text.Length - digits).IndexOfAnyExceptInRange('0', '9') < 0
        && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static double FromHex(Match hex)
    {
        var digits = hex.Groups["whole"].Value + hex.Groups["fraction"].Value;
        var mantissa = 0.0;
        foreach (var digit in digits)
        {
            mantissa = (mantissa * 16) + Convert.ToInt32(digit.ToString(), 16);
        }

        var exponent = long.TryParse(hex.Groups["exponent"].Value, CultureInfo.InvariantCulture, out var e) ? e : long.MaxValue;
        var scale = Math.Clamp(exponent, -100_000, 100_000) - (4 * hex.Groups["fraction"].Length);
        return Math.ScaleB(mantissa, (int)scale);
    }

    private static string NotFinite(double value) => double.IsNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";

    private static string Plain((string Sign, string Digits, int Exponent) number)
    {
        var (sign, digits, exponent) = number;
        var whole = exponent + 1;
        return sign + (whole <= 0
            ? $"0.{new string('0', -whole)}{digits}"
            : whole >= digits.Length
                ? digits.PadRight(whole, '0')
                : $"{digits[..whole]}.{digits[whole..]}");
    }

    private static string Scientific((string Sign, string Digits, int Exponent) number, int exponentDigits)
    {
        var (sign, digits, exponent) = number;
        var mantissa = digits.Length == 1 ? digits : $"{digits[0]}.{digits[1..]}";
        var size = Math.Abs(exponent).ToString(CultureInfo.InvariantCulture).PadLeft(exponentDigits, '0');
        return $"{sign}{mantissa}e{(exponent < 0 ? '-' : '+')}{size}";
    }

    /// <summary>The shortest digits, without zeros at either end, and the exponent of the first of them.</summary>
    private static (string Sign, string Digits, int Exponent) Shortest(double value)
    {
        var sign = double.IsNegative(value) ? "-" : "";
        if (value == 0)
        {
            return (sign, "0", 0);
        }

        var text = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture);
        var exponentAt = text.IndexOf('E', StringComparison.Ordinal);
        var exponent = exponentAt < 0 ? 0 : int.Parse(text.AsSpan(exponentAt + 1), CultureInfo.InvariantCulture);
        var mantissa = exponentAt < 0 ? text : text[..exponentAt];
        var pointAt = mantissa.IndexOf('.', StringComparison.Ordinal);
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        var leading = digits.Length - digits.TrimStart('0').Length;
        exponent += (pointAt < 0 ? digits.Length : pointAt) - 1 - leading;
        return (sign, digits.Trim('0'), exponent);
    }

    // An underscore stands between two digits, or between the prefix of a hexadecimal number and its first digit.
    [GeneratedRegex(
        @"^(?:0[xX].*(?:(?<![0-9a-fA-FxX])_|_(?![0-9a-fA-F]))|(?!0[xX]).*(?:(?<![0-9])_|_(?![0-9])))",
        RegexOptions.CultureInvariant)]
    private static partial Regex StrayUnderscore();

    [GeneratedRegex(@"^(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex DecimalFloat();

    [GeneratedRegex(
        @"^0[xX](?=\.?[0-9a-fA-F])(?<whole>[0-9a-fA-F]*)\.?(?<fraction>[0-9a-fA-F]*)[pP](?<exponent>[+-]?[0-9]+)\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex HexFloat();
}
