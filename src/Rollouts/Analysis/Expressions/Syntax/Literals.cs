using System.Globalization;
using System.Text;
using Rollouts.Analysis.Expressions.Values;

namespace Rollouts.Analysis.Expressions.Syntax;

/// <summary>Reads the values of literals. Each method gives null and a reason where the literal is malformed.</summary>
internal static class Literals
{
    public static Node? Number(int at, string literal, out string? reason)
    {
        var text = literal.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();
        reason = null;
        if (text.StartsWith("0x", StringComparison.Ordinal))
        {
            return Integer(at, "hex", text, 16, out reason);
        }

        if (text.AsSpan().ContainsAny(".e"))
        {
            if (GoNumbers.ParseFloat(text) is { } number)
            {
                return new FloatNode(at, number);
            }

            reason = $"invalid float literal: strconv.ParseFloat: parsing \"{text}\": invalid syntax";
            return null;
        }

        return text.StartsWith("0b", StringComparison.Ordinal) ? Integer(at, "binary", text, 2, out reason)
            : text.StartsWith("0o", StringComparison.Ordinal) ? Integer(at, "octal", text, 8, out reason)
            : Integer(at, "integer", text, 10, out reason);
    }

    /// <summary>The text of a quoted literal, in bytes.</summary>
    public static string? Text(string literal, out string? reason) =>
        Unescape(Normalize(literal)[1..^1], literal[^1], isBytes: false, out reason);

    /// <summary>The bytes of a literal that begins with b: escapes stand for bytes there, not for characters.</summary>
    public static string? Bytes(string literal, out string? reason) =>
        Unescape(Normalize(literal)[2..^1], literal[^1], isBytes: true, out reason);

    public static string RawText(string literal) =>
        GoText.FromUnicode(literal[1..^1].Replace("``", "`", StringComparison.Ordinal));

    private static IntegerNode? Integer(int at, string name, string text, int radix, out string? reason)
    {
        var digits = radix == 10 ? text : text[2..];
        UInt128 value = 0;
        foreach (var digit in digits)
        {
            // Far beyond what an int can hold the exact value is of no interest.
            var number = char.IsAsciiHexDigit(digit) ? (uint)Convert.ToInt32(digit.ToString(), 16) : uint.MaxValue;
            value = number < radix ? UInt128.Min((value * (uint)radix) + number, UInt128.MaxValue / 32) : UInt128.MaxValue;
            if (number >= radix)
            {
                reason = $"invalid {name} literal: strconv.ParseInt: parsing \"{text}\": invalid syntax";
                return null;
            }
        }

        reason = digits.Length == 0 ? $"invalid {name} literal: strconv.ParseInt: parsing \"{text}\": invalid syntax"
            : value > long.MaxValue ? $"invalid {name} literal: strconv.ParseInt: parsing \"{text}\": value out of range"
            : null;
        return reason is null ? new IntegerNode(at, (long)value) : null;
    }

    private static string Normalize(string literal) =>
        literal.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');

    private static string? Unescape(string text, char quote, bool isBytes, out string? reason)
    {
        reason = null;
        if (!text.Contains('\\'))
        {
            return GoText.FromUnicode(text);
        }

        var bytes = new StringBuilder(text.Length);
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var escapeAt = rest.IndexOf('\\');
            var plain = escapeAt < 0 ? rest : rest[..escapeAt];
            bytes.Append(GoText.FromUnicode(plain.ToString()));
            rest = rest[plain.Length..];
            if (!rest.IsEmpty && !TryEscape(ref rest, bytes, quote, isBytes))
            {
                reason = "invalid char escape";
                return null;
            }
        }

        return bytes.ToString();
    }

    private static bool TryEscape(ref ReadOnlySpan<char> rest, StringBuilder bytes, char quote, bool isBytes)
    {
        const string letters = "abfnrtv\\";
        const string meanings = "\a\b\f\n\r\t\v\\";
        var letter = rest[1];
        if (letter == quote)
        {
            bytes.Append(quote);
            rest = rest[2..];
            return true;
        }

        var simple = letters.IndexOf(letter, StringComparison.Ordinal);
        if (simple >= 0)
        {
            bytes.Append(meanings[simple]);
            rest = rest[2..];
            return true;
        }

        if (letter is 'u' or 'U' && isBytes)
        {
            return false;
        }

        var (digits, length, radix) = Code(rest, letter);
        if (digits.Length == 0 || !TryCode(digits, radix, out var code) || code > (isBytes ? 0xFF : 0x10FFFF))
        {
            return false;
        }

        // Half of a surrogate pair is no character; Go puts the replacement character there.
        bytes.Append(isBytes ? ((char)code).ToString()
            : GoText.FromRune(Rune.IsValid(code) ? new Rune(code) : Rune.ReplacementChar));
        rest = rest[length..];
        return true;
    }

    private static (string Digits, int Length, int Radix) Code(ReadOnlySpan<char> rest, char letter)
    {
        if (letter is >= '0' and <= '3')
        {
            return Fixed(rest, 1, 3, 8);
        }

        if (letter == 'u' && rest is [_, _, '{', ..])
        {
            var end = rest.IndexOf('}');
            return end is > 3 and <= 9 ? (rest[3..end].ToString(), end + 1, 16) : ("", 0, 16);
        }

        return letter switch
        {
            'x' => Fixed(rest, 2, 2, 16),
            'u' => Fixed(rest, 2, 4, 16),
            'U' => Fixed(rest, 2, 8, 16),
            _ => ("", 0, 16),
        };
    }

    private static (string Digits, int Length, int Radix) Fixed(ReadOnlySpan<char> rest, int from, int count, int radix) =>
        rest.Length >= from + count ? (rest.Slice(from, count).ToString(), from + count, radix) : ("", 0, radix);

    private static bool TryCode(string digits, int radix, out int code)
    {
        code = 0;
        if (radix == 8)
        {
            foreach (var digit in digits)
            {
                if (digit is < '0' or > '7')
                {
                    return false;
                }

                code = (code * 8) + digit - '0';
            }

            return true;
        }

        return int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out code) && code >= 0;
    }
}
