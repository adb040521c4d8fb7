using System.Globalization;

namespace Rollouts.Analysis.Expressions.Patterns;

/// <summary>What a backslash begins.</summary>
internal sealed partial class PatternTranslator
{
    private static readonly RuneSet Digit = RuneSet.Of([('0', '9')]);
    private static readonly RuneSet Word = RuneSet.Of([('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')]);
    private static readonly RuneSet Space = RuneSet.Of([('\t', '\n'), ('\f', '\r'), (' ', ' ')]);

    private string? Escape()
    {
        if (at + 1 == pattern.Length)
        {
            throw Malformed("trailing backslash at end of expression");
        }

        switch (pattern[at + 1])
        {
            case 'A':
                at += 2;
                return @"\A";
            case 'z':
                at += 2;
                return @"\z";
            case 'b' or 'B':
                at += 2;
                return pattern[(at - 2)..at];
            case 'Q':
                at += 2;
                isQuoting = true;
                return null;
        }

        return TryClassEscape() is { } set ? Write(set) : Literal(EscapedRune());
    }

    private string? TryQuoted()
    {
        if (!pattern.AsSpan(at).StartsWith(@"\E", StringComparison.Ordinal))
        {
            return Literal(NextRune());
        }

        at += 2;
        isQuoting = false;
        return null;
    }

    /// <summary>Takes <c>\d</c>, <c>\pL</c> and their like.</summary>
    private RuneSet? TryClassEscape()
    {
        if (pattern[at] != '\\' || at + 1 == pattern.Length)
        {
            return null;
        }

        var letter = pattern[at + 1];
        var known = char.ToLowerInvariant(letter) switch
        {
            'd' => Digit,
            'w' => Word,
            's' => Space,
            _ => null,
        };
        if (known is not null)
        {
            at += 2;
            return char.IsAsciiLetterUpper(letter) ? known.Not() : known;
        }

        if (letter is not ('p' or 'P'))
        {
            return null;
        }

        at += 2;
        var name = UnicodeName();
        var isNegated = letter == 'P' != name.StartsWith('^');
        name = name.TrimStart('^');
        var set = name == "Any" ? None.Not()
            : UnicodeCategories.Find(name) ?? throw Malformed($"unknown category of characters {name}");
        return isNegated ? Cased(set).Not() : Cased(set);
    }

    private string UnicodeName()
    {
        if (IsAtEnd)
        {
            throw Malformed("invalid character class range");
        }

        if (!Take('{'))
        {
            return char.ConvertFromUtf32(NextRune());
        }

        var end = pattern.IndexOf('}', at);
        if (end < 0)
        {
            throw Malformed("invalid character class range");
        }

        var name = pattern[at..end];
        at = end + 1;
        return name;
    }

    private int EscapedRune()
    {
        var from = at++;
        if (IsAtEnd)
        {
            throw Malformed("trailing backslash at end of expression");
        }

        var rune = NextRune();
        switch (rune)
        {
            case 'a':
                return '\a';
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'v':
                return '\v';
            case 'x':
                return HexRune();
            case '0':
            case >= '1' and <= '7' when !IsAtEnd && pattern[at] is >= '0' and <= '7':
                return OctalRune(rune - '0');
            case < 0x80 when !char.IsAsciiLetterOrDigit((char)rune):
                return rune;
            default:
                throw Malformed($"invalid escape sequence: `{pattern[from..at]}`");
        }
    }

    private int OctalRune(int rune)
    {
        for (var i = 1; i < 3 && !IsAtEnd && pattern[at] is >= '0' and <= '7'; i++)
        {
            rune = (rune * 8) + pattern[at++] - '0';
        }

        return rune;
    }

    private int HexRune()
    {
        string digits;
        if (Take('{'))
        {
            var end = pattern.IndexOf('}', at);
            digits = end < 0 ? "" : pattern[at..end];
            at = end + 1;
        }
        else
        {
            digits = pattern.Substring(at, Math.Min(2, pattern.Length - at));
            digits = digits.Length == 2 ? digits : "";
            at += digits.Length;
        }

        return int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var rune)
            && rune is >= 0 and <= RuneSet.Last
            ? rune
            : throw Malformed("invalid escape sequence");
    }
}
