using System.Globalization;
using System.Text.RegularExpressions;

namespace Rollouts.Manifests.Documents;

/// <summary>What an unquoted scalar is.</summary>
internal enum ScalarKind
{
    Text,
    Null,
    Boolean,
    Integer,
    Float,
}

/// <summary>
/// Tells the type of unquoted scalars by the rules that Kubernetes reads manifests with: YAML 1.1 with <c>yes</c>, <c>on</c> and
/// octal numbers, but without sexagesimal numbers and dates, which are texts there.
/// </summary>
internal static partial class PlainScalar
{
    public static ScalarKind KindOf(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => ScalarKind.Null,
        _ when TryBoolean(text, out _) => ScalarKind.Boolean,
        _ when text[0] is not ((>= '0' and <= '9') or '-' or '+' or '.') => ScalarKind.Text,
        ".nan" or ".NaN" or ".NAN" or ".inf" or ".Inf" or ".INF" or "+.inf" or "+.Inf" or "+.INF" or "-.inf" or "-.Inf" or "-.INF" => ScalarKind.Float,
        _ when TryInteger(text, out _) => ScalarKind.Integer,
        _ when Decimal().IsMatch(text.Replace("_", "", StringComparison.Ordinal)) => ScalarKind.Float,
        _ => ScalarKind.Text,
    };

    public static bool TryBoolean(string text, out bool value)
    {
        value = text is "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" or "y" or "Y";
        return value || text is "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF" or "n" or "N";
    }

    /// <summary>A whole number: decimal, or with the prefix 0x, 0o, 0b or 0 (octal); also a decimal fraction that is whole, as JSON allows.</summary>
    public static bool TryWhole(string text, out long value)
    {
        if (TryInteger(text, out value))
            return true;
        string digits = text.Replace("_", "", StringComparison.Ordinal);
        if (!Decimal().IsMatch(digits)
            || !double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            || Math.Floor(number) != number
            || Math.Abs(number) > int.MaxValue)
        {
            return false;
        }

        value = (long)number;
        return true;
    }

    private static bool TryInteger(string text, out long value)
    {
        value = 0;
        ReadOnlySpan<char> digits = text.Replace("_", "", StringComparison.Ordinal);
        bool negative = digits.StartsWith("-");
        if (negative || digits.StartsWith("+"))
            digits = digits[1..];
        (int numberBase, int prefix) = digits switch
        {
            ['0', 'x' or 'X', ..] => (16, 2),
            ['0', 'o' or 'O', ..] => (8, 2),
            ['0', 'b' or 'B', ..] => (2, 2),
            ['0', _, ..] => (8, 1),
            _ => (10, 0),
        };
        digits = digits[prefix..];
        if (digits.IsEmpty || digits.Length > 64)
            return false;
        foreach (char digit in digits)
        {
            int place = char.IsAsciiHexDigit(digit) ? Convert.ToInt32(digit.ToString(), 16) : numberBase;
            if (place >= numberBase || value > (long.MaxValue - place) / numberBase)
                return false;
            value = (value * numberBase) + place;
        }

        value = negative ? -value : value;
        return true;
    }

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Decimal();
}
