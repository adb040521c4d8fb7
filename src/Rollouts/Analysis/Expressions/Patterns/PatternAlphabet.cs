using System.Globalization;
using System.Text;
using Rollouts.Analysis.Expressions.Values;

namespace Rollouts.Analysis.Expressions.Patterns;

/// <summary>
/// Writes the characters beyond ASCII so that .NET's engine treats them as Go's does: each is one char, and none is part of a
/// word. All that a pattern does not tell apart share a char of Unicode's private use area.
/// </summary>
internal sealed class PatternAlphabet
{
    private const int FirstChar = 0xE000;
    private const int MostChars = 0xF8FF - FirstChar + 1;

    private readonly int[] starts;

    /// <summary>Tells apart what the sets of a pattern tell apart.</summary>
    /// <exception cref="EvaluationFailure">The sets tell too much apart.</exception>
    public PatternAlphabet(IEnumerable<RuneSet> sets)
    {
        starts = [.. sets
            .SelectMany(set => set.Ranges)
            .SelectMany(range => new[] { range.From, range.To + 1 })
            .Append(0x80)
            .Where(start => start is >= 0x80 and <= RuneSet.Last)
            .Distinct()
            .Order()];
        if (starts.Length > MostChars)
        {
            throw new EvaluationFailure("error parsing regexp: the classes of characters are too many");
        }
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
    public string Write(RuneSet set)
    {
        var chars = new StringBuilder();
        foreach (var (from, to) in set.Ranges)
        {
            if (from < 0x80)
            {
                Append(chars, (char)from, (char)Math.Min(to, 0x7F));
            }

            if (to >= 0x80)
            {
                Append(chars, CharOf(Math.Max(from, 0x80)), CharOf(to));
            }
        }

        // .NET knows no empty class; this one matches nothing.
        return chars.Length == 0 ? @"[^\u0000-\uFFFF]" : $"[{chars}]";
    }

    private static void Append(StringBuilder chars, char from, char to) =>
        chars.Append(CultureInfo.InvariantCulture, $"\\u{(int)from:X4}-\\u{(int)to:X4}");

    private char CharOf(int rune)
    {
        if (rune < 0x80)
        {
            return (char)rune;
        }

        var index = Array.BinarySearch(starts, rune);
        return (char)(FirstChar + (index >= 0 ? index : ~index - 1));
    }
}
