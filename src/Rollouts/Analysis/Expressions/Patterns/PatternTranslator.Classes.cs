namespace Rollouts.Analysis.Expressions.Patterns;

/// <summary>Classes of characters in brackets.</summary>
internal sealed partial class PatternTranslator
{
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
}
