using System.Globalization;
using Rollouts.Analysis.Arguments;

namespace Rollouts.Manifests.Lint.PromQl;

/// <summary>The text is not of the form that is parsed.</summary>
internal sealed class NotParsedException : Exception;

/// <summary>Walks the tokens of a query.</summary>
/// <param name="text">The query.</param>
/// <param name="tokens">Its tokens, without comments.</param>
/// <param name="open">Where something stands in the place of an argument that has no value yet.</param>
internal sealed class TokenReader(string text, IReadOnlyList<Token> tokens, IReadOnlyList<Range> open)
{
    private int next;

    public bool IsAtEnd => next >= tokens.Count;

    /// <summary>Where the next token begins.</summary>
    public int At => IsAtEnd ? text.Length : tokens[next].Start;

    public TokenKind Kind => IsAtEnd ? TokenKind.Comment : tokens[next].Kind;

    /// <summary>The next token as written; keywords in lower case, since PromQL takes them in any. Empty at the end.</summary>
    public string Word => IsAtEnd ? ""
        : Kind == TokenKind.Keyword ? tokens[next].Of(text).ToString().ToLowerInvariant()
        : tokens[next].Of(text).ToString();

    private bool IsOpen => open.Any(o => o.Start.Value < tokens[next].End && o.End.Value > tokens[next].Start);

    public string Take()
    {
        string word = IsAtEnd ? throw new NotParsedException() : Word;
        next++;
        return word;
    }

    public bool TryTake(string word)
    {
        bool isNext = Kind != TokenKind.String && Word == word;
        next += isNext ? 1 : 0;
        return isNext;
    }

    public void Require(string word)
    {
        if (!TryTake(word))
            throw new NotParsedException();
    }

    /// <summary>The text between a string's quotes.</summary>
    public string TakeString(out bool isOpen)
    {
        if (Kind != TokenKind.String)
            throw new NotParsedException();
        isOpen = IsOpen;
        return Take()[1..^1];
    }

    /// <summary>A number, or a duration in seconds; null when it is not known.</summary>
    public double? TakeNumber()
    {
        bool isOpen = IsOpen;
        string word = Take();
        return isOpen ? null : PromQlDuration.TryParse(word, out TimeSpan length) ? length.TotalSeconds : Number(word);
    }

    /// <summary>The length of a window; null when it is not known.</summary>
    public TimeSpan? TakeLength() => TakeNumber() is { } seconds and > 0 and < 1e9 ? TimeSpan.FromSeconds(seconds) : null;

    private static double? Number(string word)
    {
        string digits = word.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();
        return digits switch
        {
            "nan" => double.NaN,
            "inf" => double.PositiveInfinity,
            _ when digits.StartsWith("0x", StringComparison.Ordinal) =>
                long.TryParse(digits.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long hex) ? hex : null,
            _ => double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null,
        };
    }
}
