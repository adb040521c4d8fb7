using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Rollouts.Analysis.Expressions.Values;

namespace Rollouts.Analysis.Expressions.Patterns;

/// <summary>
/// Writes a pattern of Go's as one of .NET's. Only whether there is a match is asked, so groups capture nothing and no
/// repetition is lazy.
/// </summary>
internal sealed partial class PatternTranslator
{
    private const int MostRepetitions = 1000;
    private const int MostGroups = 100;

    // Stands before the number of a set of characters in a draft.
    private const char SetMark = '\uFFFF';

    private static readonly RuneSet NewLine = RuneSet.Of([('\n', '\n')]);
    private static readonly RuneSet None = RuneSet.Of([]);

    private readonly string pattern;
    private readonly List<RuneSet> sets = [];
    private int at;
    private int depth;
    private bool isQuoting;
    private Flags flags;

    private PatternTranslator(string pattern)
    {
        this.pattern = pattern;
    }

    private bool IsAtEnd => at == pattern.Length;

    /// <summary>Translates a pattern into one of .NET's over an alphabet of its own.</summary>
    /// <exception cref="EvaluationFailure">The pattern is malformed.</exception>
    public static (string Pattern, PatternAlphabet Alphabet) Translate(string pattern)
    {
        var translator = new PatternTranslator(pattern);
        var draft = translator.Alternatives(out _);
        if (!translator.IsAtEnd)
        {
            throw translator.Malformed("unexpected )");
        }

        // Only when all sets of characters are known is it clear how to write one.
        var alphabet = new PatternAlphabet(translator.sets);
        var pieces = draft.Split(SetMark);
        var translated = new StringBuilder(pieces[0]);
        foreach (var piece in pieces.Skip(1))
        {
            var end = piece.IndexOf(';', StringComparison.Ordinal);
            translated.Append(alphabet.Write(translator.sets[int.Parse(piece.AsSpan(0, end), CultureInfo.InvariantCulture)]));
            translated.Append(piece, end + 1, piece.Length - end - 1);
        }

        return (translated.ToString(), alphabet);
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
        while (!IsAtEnd && (isQuoting || pattern[at] is not ('|' or ')')))
        {
            var from = at;
            if (isQuoting)
            {
                if (TryQuoted() is { } literal)
                {
                    items.Add((literal, 1));
                    repeated = false;
                }
            }
            else if (TryRepetition(out var quantifier, out var count))
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
            else
            {
                repeated = false;
                if (Item(out var innerRepetitions) is { } item)
                {
                    items.Add((item, innerRepetitions));
                }
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
                return Write(Class());
            case '.':
                at++;
                return Write((flags.HasFlag(Flags.DotTakesNewLine) ? None : NewLine).Not());
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

    private string Literal(int rune) => Write(Cased(RuneSet.Of([(rune, rune)])));

    private RuneSet Cased(RuneSet set) => flags.HasFlag(Flags.IgnoresCase) ? set.InAnyCase() : set;

    private string Write(RuneSet set)
    {
        sets.Add(set);
        return string.Create(CultureInfo.InvariantCulture, $"{SetMark}{sets.Count - 1};");
    }

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
