namespace Rollouts.Analysis.Arguments;

/// <summary>A token of a condition or a query, by its place in the text.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Its first character.</param>
/// <param name="End">The character after its last.</param>
internal readonly record struct Token(TokenKind Kind, int Start, int End)
{
    public ReadOnlySpan<char> Of(string text) => text.AsSpan(Start, End - Start);
}

/// <summary>Kinds of token, as far as their difference matters to the shape of a text.</summary>
internal enum TokenKind
{
    /// <summary>Anything that binds, opens, closes or separates.</summary>
    Operator,

    /// <summary>A text in quotes, the quotes included.</summary>
    String,

    /// <summary>A number; in a condition also true and false, which stand wherever a number may.</summary>
    Literal,

    /// <summary>A PromQL duration.</summary>
    Duration,

    /// <summary>A name.</summary>
    Identifier,

    /// <summary>A word that binds like an operator.</summary>
    Keyword,

    /// <summary>What is not evaluated.</summary>
    Comment,
}

/// <summary>Splits a text into tokens, leaving out blanks.</summary>
/// <param name="text">The text.</param>
/// <param name="tokens">The tokens, in order.</param>
/// <param name="problem">What can't be read, and where.</param>
internal delegate bool Lexer(string text, out IReadOnlyList<Token> tokens, out string? problem);
