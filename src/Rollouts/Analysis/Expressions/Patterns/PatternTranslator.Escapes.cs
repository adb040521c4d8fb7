using System.Globalization;

namespace Rollouts.Analysis.Expressions.Patterns;

/// <summary>Escapes, classes of characters, and what stands after <c>(?</c>.</summary>
internal sealed partial class PatternTranslator
{
    private static readonly (int From, int To)[] Digit = [('0', '9')];
    private static readonly (int From, int To)[] Word = [('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')];
    private static readonly (int From, int To)[] Space = [('\t', '\n'), ('\f', '\r'), (' ', ' ')];

    private static (int From, int To)[]? Posix(string name) => name switch
    {
        "alnum" => [('0', '9'), ('A', 'Z'), ('a', 'z')],
        "alpha" => [('A', 'Z'), ('a', 'z')],
        "ascii" => [(0, 0x7F)],
        "blank" => [('\t', '\t'), (' ', ' ')],
        "cntrl" => [(0, 0x1F), (0x7F, 0x7F)],
        "digit" => Digit,
        "graph" => [('!', '~')],
        "lower" => [('a', 'z')],
        "print" => [(' ', '~')],
        "punct" => [('!', '/'), (':', '@'), ('[', '`'), ('{', '~')],
        "space" => [('\t', '\r'), (' ', ' ')],
        "upper" => [('A', 'Z')],
        "word" => Word,
        "xdigit" => [('0', '9'), ('A', 'F'), ('a', 'f')],
        _ => null,
    };

    private string Escape()
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
                return Quoted();
        }

        var set = new RuneSet();
        if (TryClassEscape(set))
        {
            return Cased(set.Write());
        }

        return Literal(EscapedRune());
    }

    private string Quoted()
    {
        at += 2;
        var end = pattern.IndexOf(@"\E", at, StringComparison.Ordinal);
        var stop = end < 0 ? pattern.Length : end;
        var literals = new List<string>();
        while (at < stop)
        {
            literals.Add(Literal(NextRune()));
        }

        at = end < 0 ? stop : stop + 2;

        // A repetition after it takes the last character only, but nobody writes that; it takes them all here.
        return string.Concat(literals);
    }

    /// <summary>Takes <c>\d</c>, <c>\pL</c> and their like.</summary>
    private bool TryClassEscape(RuneSet set)
    {
        if (pattern[at] != '\\' || at + 1 == pattern.Length)
        {
            return false;
        }

        var ranges = char.ToLowerInvariant(pattern[at + 1]) switch
        {
            'd' => Digit,
            'w' => Word,
            's' => Space,
            _ => null,
        };
        if (ranges is not null)
        {
            AddRanges(set, ranges, char.IsAsciiLetterUpper(pattern[at + 1]));
            at += 2;
            return true;
        }

        if (pattern[at + 1] is not ('p' or 'P'))
        {
            return false;
        }

        var isNegated = pattern[at + 1] == 'P';
        at += 2;
        var name = UnicodeName();
        if (name.StartsWith('^'))
        {
            (isNegated, name) = (!isNegated, name[1..]);
        }

        if (name == "Any")
        {
            AddRanges(set, [(0, RuneSet.Last)], isNegated);
        }
        else
        {
            set.AddCategory($@"\{(isNegated ? 'P' : 'p')}{{{name}}}");
        }

        return true;
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

    private static void AddRanges(RuneSet set, (int From, int To)[] ranges, bool isNegated)
    {
        if (isNegated)
        {
            set.AddAllBut(ranges);
            return;
        }

        foreach (var (from, to) in ranges)
        {
            set.Add(from, to);
        }
    }

    private RuneSet Class()
    {
        at++;
        var set = new RuneSet { IsNegated = Take('^') };
        for (var isFirst = true; isFirst || IsAtEnd || pattern[at] != ']'; isFirst = false)
        {
            if (IsAtEnd)
            {
                throw Malformed("missing closing ]");
            }

            if (TryPosixClass(set) || TryClassEscape(set))
            {
                continue;
            }

            var from = ClassRune();
            var to = from;
            if (at + 1 < pattern.Length && pattern[at] == '-' && pattern[at + 1] != ']')
            {
                at++;
                to = ClassRune();
            }

            if (to < from)
            {
                throw Malformed("invalid character class range");
            }

            set.Add(from, to);
        }

        at++;
        return set;
    }

    private bool TryPosixClass(RuneSet set)
    {
        if (!pattern.AsSpan(at).StartsWith("[:", StringComparison.Ordinal))
        {
            return false;
        }

        var end = pattern.IndexOf(":]", at + 2, StringComparison.Ordinal);
        if (end < 0)
        {
            return false;
        }

        var name = pattern[(at + 2)..end];
        var ranges = Posix(name.TrimStart('^')) ?? throw Malformed("invalid character class range");
        AddRanges(set, ranges, name.StartsWith('^'));
        at = end + 2;
        return true;
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

        if (!names.Add(name))
        {
            throw Malformed($"duplicate capture group name {name}");
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
