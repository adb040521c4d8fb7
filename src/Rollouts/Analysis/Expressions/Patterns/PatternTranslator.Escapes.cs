using System.Globalization;

namespace Rollouts.Analysis.Expressions.Patterns;

/// <summary>Escapes, classes of characters, and what stands after <c>(?</c>.</summary>
internal sealed partial class PatternTranslator
{
    private static readonly RuneSet Digit = RuneSet.Of([('0', '9')]);
    private static readonly RuneSet Word = RuneSet.Of([('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')]);
    private static readonly RuneSet Space = RuneSet.Of([('\t', '\n'), ('\f', '\r'), (' ', ' ')]);

    private static RuneSet? Posix(string name) => name switch
    {
        "alnum" => RuneSet.Of([('0', '9'), ('A', 'Z'), ('a', 'z')]),
        "alpha" => RuneSet.Of([('A', 'Z'), ('a', 'z')]),
        "ascii" => RuneSet.Of([(0, 0x7F)]),
        "blank" => RuneSet.Of([('\t', '\t'), (' ', ' ')]),
        "cntrl" => RuneSet.Of([(0, 0x1F), (0x7F, 0x7F)]),
        "digit" => Digit,
        "graph" => RuneSet.Of([('!', '~')]),
        "lower" => RuneSet.Of([('a', 'z')]),
        "print" => RuneSet.Of([(' ', '~')]),
        "punct" => RuneSet.Of([('!', '/'), (':', '@'), ('[', '`'), ('{', '~')]),
        "space" => RuneSet.Of([('\t', '\r'), (' ', ' ')]),
        "upper" => RuneSet.Of([('A', 'Z')]),
        "word" => Word,
        "xdigit" => RuneSet.Of([('0', '9'), ('A', 'F'), ('a', 'f')]),
        _ => null,
    };

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

    private RuneSet Class()
    {
        at++;
        var isNegated = Take('^');
        var set = None;
        for (var isFirst = true; isFirst || IsAtEnd || pattern[at] != ']'; isFirst = false)
        {
            if (IsAtEnd)
            {
                throw Malformed("missing closing ]");
            }

            set = set.Or(TryPosixClass() ?? TryClassEscape() ?? Cased(ClassRange()));
        }

        at++;
        return isNegated ? set.Not() : set;
    }

    private RuneSet ClassRange()
    {
        var from = ClassRune();
        var to = from;
        if (at + 1 < pattern.Length && pattern[at] == '-' && pattern[at + 1] != ']')
        {
            at++;
            to = ClassRune();
        }

        return from <= to ? RuneSet.Of([(from, to)]) : throw Malformed("invalid character class range");
    }

    private RuneSet? TryPosixClass()
    {
        if (!pattern.AsSpan(at).StartsWith("[:", StringComparison.Ordinal))
        {
            return null;
        }

        var end = pattern.IndexOf(":]", at + 2, StringComparison.Ordinal);
        if (end < 0)
        {
            return null;
        }

        var name = pattern[(at + 2)..end];
        var set = Posix(name.StartsWith('^') ? name[1..] : name) ?? throw Malformed("invalid character class range");
        at = end + 2;
        return name.StartsWith('^') ? set.Not() : set;
    }

    private int ClassRune()
    {
        if (IsAtEnd)
        {
            throw Malformed("missing closing ]");
        }

        return pattern[at] == '\\' ? EscapedRune() : NextRune();
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

    private bool TakeName()
    {
        var from = at;
        Take('P');
        if (!Take('<'))
        {
            at = from;
            return false;
        }

        var end = pattern.IndexOf('>', at);
        var name = end < 0 ? "" : pattern[at..end];
        if (name.Length == 0 || name.Any(c => c != '_' && !char.IsAsciiLetterOrDigit(c)))
        {
            throw Malformed("invalid named capture");
        }

        at = end + 1;
        return true;
    }

    /// <summary>Takes flags up to a colon, or up to the end of the group, which then has no more than them.</summary>
    private bool TakeFlags()
    {
        var (on, sawFlag) = (true, false);
        while (!IsAtEnd)
        {
            var flag = pattern[at++];
            switch (flag)
            {
                case 'i':
                    Set(Flags.IgnoresCase, on);
                    break;
                case 'm':
                    Set(Flags.IsMultiline, on);
                    break;
                case 's':
                    Set(Flags.DotTakesNewLine, on);
                    break;
                case 'U':
                    break;
                case '-' when on:
                    (on, sawFlag) = (false, false);
                    continue;
                case ':' or ')' when on || sawFlag:
                    return flag == ')';
                default:
                    throw Malformed("invalid or unsupported Perl syntax");
            }

            sawFlag = true;
        }

        throw Malformed("missing argument to repetition operator or closing )");
    }

    private void Set(Flags flag, bool on) => flags = on ? flags | flag : flags & ~flag;
}
