using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Rollouts.Analysis.Expressions.Values;

namespace Rollouts.Analysis.Expressions.Patterns;

/// <summary>
/// Writes a pattern of Go's as one of .NET's. Only whether there is a match is asked, so groups capture nothing and no
/// repetition is lazy.
/// </summary>
internal sealed partial class PatternTranslator(string pattern)
{
    private const int MostRepetitions = 1000;
    private const int MostGroups = 100;

    private readonly HashSet<string> names = [];
    private int at;
    private int depth;
    private Flags flags;

    [Flags]
    private enum Flags
    {
        None = 0,
        IgnoresCase = 1,
        IsMultiline = 2,
        DotTakesNewLine = 4,
    }

    private bool IsAtEnd => at == pattern.Length;

    public string Translate()
    {
        var translated = Alternatives(out _);
        return IsAtEnd ? translated : throw Malformed("unexpected )");
    }

    private string Alternatives(out int repetitions)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (++depth > MostGroups)
        {
            throw Malformed("expression nests too deeply");
        }

        // What a group sets holds to its end.
        var outer = flags;
        var result = new StringBuilder();
        repetitions = 1;
        while (true)
        {
            result.Append(Sequence(out var ofSequence));
            repetitions = Math.Max(repetitions, ofSequence);
            if (!Take('|'))
            {
                break;
            }

            result.Append('|');
        }

        flags = outer;
        depth--;
        return result.ToString();
    }

    private string Sequence(out int repetitions)
    {
        var items = new List<(string Text, int Repetitions)>();
        var repeated = false;
        while (!IsAtEnd && pattern[at] is not ('|' or ')'))
        {
            var from = at;
            if (TryRepetition(out var quantifier, out var count))
            {
                if (repeated)
                {
                    throw Malformed($"invalid nested repetition operator: `{pattern[from..at]}`");
                }

                if (items.Count == 0)
                {
                    throw Malformed($"missing argument to repetition operator: `{pattern[from..at]}`");
                }

                var (text, inner) = items[^1];
                if (count >= 2 && count * inner > MostRepetitions)
                {
                    throw Malformed($"invalid repeat count: `{pattern[from..at]}`");
                }

                items[^1] = ($"(?:{text}){quantifier}", Math.Max(1, count) * inner);
                repeated = true;
            }
            else if (Item(out var innerRepetitions) is { } item)
            {
                items.Add((item, innerRepetitions));
                repeated = false;
            }
        }

        repetitions = items.Count == 0 ? 1 : items.Max(item => item.Repetitions);
        return string.Concat(items.Select(item => item.Text));
    }

    private bool TryRepetition(out string quantifier, out int count)
    {
        var start = at;
        count = 1;
        quantifier = "";
        if (pattern[at] is '*' or '+' or '?')
        {
            quantifier = pattern[at].ToString();
            at++;
        }
        else if (pattern[at] != '{' || !TryCounts(out quantifier, out count))
        {
            at = start;
            return false;
        }

        // Lazy or not, it matches the same texts.
        Take('?');
        return true;
    }

    private bool TryCounts(out string quantifier, out int count)
    {
        quantifier = "";
        count = 0;
        at++;
        if (Digits() is not { } least)
        {
            return false;
        }

        int? most = least;
        if (Take(',') && (IsAtEnd || pattern[at] == '}'))
        {
            most = null;
        }
        else if (pattern[at - 1] == ',' && (most = Digits()) is null)
        {
            return false;
        }

        if (!Take('}'))
        {
            return false;
        }

        if (least > MostRepetitions || most > MostRepetitions || most < least)
        {
            throw Malformed("invalid repeat count");
        }

        count = most ?? least;
        quantifier = most is null ? $"{{{least},}}" : $"{{{least},{most}}}";
        return true;
    }

    private int? Digits()
    {
        var from = at;
        while (!IsAtEnd && char.IsAsciiDigit(pattern[at]))
        {
            at++;
        }

        var digits = pattern.AsSpan(from, at - from);
        return digits.IsEmpty || (digits.Length > 1 && digits[0] == '0') ? null
            : digits.Length > 6 ? int.MaxValue
            : int.Parse(digits, CultureInfo.InvariantCulture);
    }

    private string? Item(out int repetitions)
    {
        repetitions = 1;
        switch (pattern[at])
        {
            case '(':
                return Group(out repetitions);
            case '[':
                return Cased(Class().Write());
            case '.':
                at++;
                var any = new RuneSet();
                any.AddAllBut(flags.HasFlag(Flags.DotTakesNewLine) ? [] : [('\n', '\n')]);
                return any.Write();
            case '^':
                at++;
                return flags.HasFlag(Flags.IsMultiline) ? "(?m:^)" : @"\A";
            case '$':
                at++;
                return flags.HasFlag(Flags.IsMultiline) ? "(?m:$)" : @"\z";
            case '\\':
                return Escape();
            default:
                return Literal(NextRune());
        }
    }

    private string? Group(out int repetitions)
    {
        repetitions = 1;
        at++;
        var outer = flags;
        if (Take('?') && !TakeName() && TakeFlags())
        {
            return null;
        }

        var inner = Alternatives(out repetitions);
        if (!Take(')'))
        {
            throw Malformed("missing closing )");
        }

        flags = outer;
        return $"(?:{inner})";
    }

    private string Literal(int rune)
    {
        var set = new RuneSet();
        set.Add(rune, rune);
        return Cased(set.Write());
    }

    private string Cased(string item) => flags.HasFlag(Flags.IgnoresCase) ? $"(?i:{item})" : item;

    private bool Take(char wanted)
    {
        if (IsAtEnd || pattern[at] != wanted)
        {
            return false;
        }

        at++;
        return true;
    }

    private int NextRune()
    {
        var rune = Rune.GetRuneAt(pattern, at);
        at += rune.Utf16SequenceLength;
        return rune.Value;
    }

    private EvaluationFailure Malformed(string what) => new($"error parsing regexp: {what} in `{pattern}`");
}
