namespace Rollouts.Analysis.Arguments;

/// <summary>
/// Fills a text that has a grammar, and refuses values that would change its shape: with the values in their places the text must have
/// the same kinds of token in the same order, ending where they ended, as with neutral values in their places.
/// </summary>
internal static class TokenShape
{
    /// <summary>What is said of a value that no rule refuses, but that has an effect beyond its place.</summary>
    public const string Changed = "it would change what the words around it mean";

    /// <summary>What a value may be where it stands; null when it may be.</summary>
    /// <param name="neutral">The text with neutral values.</param>
    /// <param name="tokens">The tokens of that text.</param>
    /// <param name="token">Which of them the value is in.</param>
    /// <param name="isWhole">Whether the value is all of the token.</param>
    /// <param name="index">Which value.</param>
    public delegate string? Rule(string neutral, IReadOnlyList<Token> tokens, int token, bool isWhole, int index);

    /// <summary>Checks every value where it stands, then the text as a whole.</summary>
    /// <returns>The filled text; or which value is refused (-1 when it is none's fault) and why.</returns>
    public static (string? Text, int Index, string? Problem) Fill(
        TemplateText template, IReadOnlyList<string> neutrals, IReadOnlyList<string> values, Lexer lexer, Rule rule)
    {
        string neutral = template.Fill(neutrals, out IReadOnlyList<Range> places);
        if (!lexer(neutral, out IReadOnlyList<Token> expected, out string? problem))
        {
            return (null, -1, problem);
        }

        for (int i = 0; i < values.Count; i++)
        {
            (int start, int end) = (places[i].Start.Value, places[i].End.Value);
            int token = IndexOf(expected, start, end);
            problem = token < 0
                ? "it must be in one word, number or string"
                : rule(neutral, expected, token, expected[token].Start == start && expected[token].End == end, i);
            if (problem is not null)
            {
                return (null, i, problem);
            }
        }

        string text = template.Fill(values, out IReadOnlyList<Range> real);
        if (!lexer(text, out IReadOnlyList<Token> found, out _) || found.Count != expected.Count)
        {
            return (null, Blame(neutrals, values), Changed);
        }

        for (int t = 0; t < expected.Count; t++)
        {
            if (found[t].Kind != expected[t].Kind
                || found[t].Start != Move(expected[t].Start, places, real, isEnd: false)
                || found[t].End != Move(expected[t].End, places, real, isEnd: true))
            {
                return (null, Blame(neutrals, values), Changed);
            }
        }

        return (text, -1, null);
    }

    private static int IndexOf(IReadOnlyList<Token> tokens, int start, int end)
    {
        for (int t = 0; t < tokens.Count; t++)
        {
            if (tokens[t].Start <= start && tokens[t].End >= end)
            {
                return t;
            }
        }

        return -1;
    }

    /// <summary>Where an offset of the neutral text is in the real one.</summary>
    private static int Move(int offset, IReadOnlyList<Range> from, IReadOnlyList<Range> to, bool isEnd)
    {
        int shift = 0;
        for (int i = 0; i < from.Count; i++)
        {
            bool isPast = isEnd ? from[i].End.Value <= offset : from[i].Start.Value < offset;
            if (!isPast)
            {
                break;
            }

            shift = to[i].End.Value - from[i].End.Value;
        }

        return offset + shift;
    }

    /// <summary>
    /// Which value to name when no rule is broken and it is a value together with its surroundings: the first that is not neutral is as good as any.
    /// </summary>
    public static int Blame(IReadOnlyList<string> neutrals, IReadOnlyList<string> values)
    {
        for (int i = 0; i < values.Count; i++)
        {
            if (values[i] != neutrals[i])
            {
                return i;
            }
        }

        return 0;
    }
}
