using System.Globalization;
using System.Text;
using Rollouts.Analysis.Expressions.Values;

namespace Rollouts.Analysis.Expressions.Patterns;

/// <summary>
/// Writes the characters beyond ASCII so that .NET's engine treats them as Go's does: each is one char, and none is part of a
/// word. All that a pattern does not tell apart share a char of Unicode's private use area, so that few chars are enough even where
/// a pattern names all letters.
/// </summary>
internal sealed class PatternAlphabet
{
    private const int FirstBeyondAscii = 0x80;
    private const int FirstChar = 0xE000;
    private const int MostChars = 0xF8FF - FirstChar + 1;

    // The characters beyond ASCII in runs that no set divides: where each begins, and the char that stands for it.
    private readonly int[] starts;
    private readonly char[] chars;
    private readonly Dictionary<RuneSet, string> written = [];

    /// <summary>Tells apart what the sets of a pattern tell apart.</summary>
    /// <exception cref="EvaluationFailure">The sets tell too much apart.</exception>
    public PatternAlphabet(IEnumerable<RuneSet> sets)
    {
        RuneSet[] divisive = [.. sets.Distinct().Where(set => set.Ranges is [.., { To: >= FirstBeyondAscii }])];
        starts = [.. divisive
            .SelectMany(set => set.Ranges)
            .SelectMany(range => new[] { range.From, range.To + 1 })
            .Append(FirstBeyondAscii)
            .Where(start => start is >= FirstBeyondAscii and <= RuneSet.Last)
            .Distinct()
            .Order()];
        var classes = Divide(divisive);
        var distinct = classes.Distinct().ToArray();
        if (distinct.Length > MostChars)
        {
            throw new EvaluationFailure("error parsing regexp: the classes of characters are too many");
        }

        var charOf = distinct.Index().ToDictionary(numbered => numbered.Item, numbered => (char)(FirstChar + numbered.Index));
        chars = [.. classes.Select(id => charOf[id])];
    }

    /// <summary>The text in this alphabet.</summary>
    public string Encode(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text;
        }

        var encoded = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            encoded.Append(CharOf(rune.Value));
        }

        return encoded.ToString();
    }

    /// <summary>A set as a class of .NET's.</summary>
    public string Write(RuneSet set) => written.TryGetValue(set, out var text) ? text : written[set] = WriteClass(set);

    private static void Append(StringBuilder text, char from, char to) =>
        text.Append(CultureInfo.InvariantCulture, $"\\u{(int)from:X4}-\\u{(int)to:X4}");

    // One set after the other takes its runs out of the classes that they were in before.
    private int[] Divide(RuneSet[] sets)
    {
        var (classes, next) = (new int[starts.Length], 1);
        foreach (var set in sets)
        {
            // A set and what is not in it divide alike.
            var isSmall = RunsOf(set).Sum(runs => runs.To - runs.From + 1) <= starts.Length / 2;
            var taken = new Dictionary<int, int>();
            foreach (var (from, to) in RunsOf(isSmall ? set : set.Not()))
            {
                for (var run = from; run <= to; run++)
                {
                    if (!taken.TryGetValue(classes[run], out var apart))
                    {
                        taken[classes[run]] = apart = next++;
                    }

                    classes[run] = apart;
                }
            }
        }

        return classes;
    }

    private string WriteClass(RuneSet set)
    {
        var text = new StringBuilder();
        foreach (var (from, to) in set.Ranges.Where(range => range.From < FirstBeyondAscii))
        {
            Append(text, (char)from, (char)Math.Min(to, FirstBeyondAscii - 1));
        }

        var beyondAscii = RunsOf(set).SelectMany(runs => chars[runs.From..(runs.To + 1)]).Select(c => ((int)c, (int)c));
        foreach (var (from, to) in RuneSet.Of(beyondAscii).Ranges)
        {
            Append(text, (char)from, (char)to);
        }

        // .NET knows no empty class; this one matches nothing.
        return text.Length == 0 ? @"[^\u0000-\uFFFF]" : $"[{text}]";
    }

    /// <summary>The runs that a set consists of, as far as it is beyond ASCII.</summary>
    private IEnumerable<(int From, int To)> RunsOf(RuneSet set) =>
        from range in set.Ranges
        where range.To >= FirstBeyondAscii
        select (RunOf(Math.Max(range.From, FirstBeyondAscii)), RunOf(range.To));

    private int RunOf(int rune)
    {
        var index = Array.BinarySearch(starts, rune);
        return index >= 0 ? index : ~index - 1;
    }

    private char CharOf(int rune) => rune < FirstBeyondAscii ? (char)rune : chars[RunOf(rune)];
}
