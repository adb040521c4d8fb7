using System.Buffers;
using System.Text.RegularExpressions;
using Superpower;
using Superpower.Model;
using Superpower.Parsers;
using Superpower.Tokenizers;

namespace Rollouts.Analysis.Expressions.Syntax;

/// <summary>The tokens of the language.</summary>
internal static class Lexemes
{
    private const string LetterOrDigit = @"[\p{L}\p{Nd}_$]";
    private const string EndOfWord = $"(?!{LetterOrDigit})";

    // A number begins with a digit, or with a point before one; two points after a digit are a range.
    private const string Decimal = @"(?>[0-9][0-9_]*(?:\.(?!\.)[0-9_]*)?|\.[0-9][0-9_]*)(?>[eE][+-]?[0-9_]*)?";
    private const string Hexadecimal = @"(?>0[xX][0-9a-fA-F_]*(?:\.(?!\.)[0-9a-fA-F_]*)?)(?>[eE][+-]?[0-9a-fA-F_]*)?";
    private const string Octal = @"(?>0[oO][0-7_]*(?:\.(?!\.)[0-7_]*)?)(?>[eE][+-]?[0-7_]*)?";
    private const string Binary = @"(?>0[bB][01_]*(?:\.(?!\.)[01_]*)?)(?>[eE][+-]?[01_]*)?";

    private const string Quoted = """(?>"(?>[^"\\\n]|\\[^\n])*"|'(?>[^'\\\n]|\\[^\n])*')""";

    // Behind what begins no token there is nothing to read.
    public static Tokenizer<TokenKind> Tokenizer { get; } = new TokenizerBuilder<TokenKind>()
        .Ignore(Span.WithAll(char.IsWhiteSpace))
        .Match(Matching(@"[(){}\[\]]"), TokenKind.Bracket)
        .Match(Matching(@"/(?![*/])|\?[.?]?|\|\|?|::?|\.(?![0-9])\.?|[,;%+\-^]|[&!=*<>][&=*]?"), TokenKind.Operator)
        .Ignore(Matching(@"//[^\n]*"))
        .Ignore(Matching(@"/\*(?s:.*?)\*/"))
        .Match(Matching($"(?>{Hexadecimal}|{Octal}|{Binary}|{Decimal}){EndOfWord}"), TokenKind.Number)
        .Match(Matching("[bB]" + Quoted), TokenKind.Bytes)
        .Match(Matching(Quoted), TokenKind.String)
        .Match(Matching("`(?>[^`]|``)*`"), TokenKind.RawString)
        .Match(
            Matching($"(?>not|in|or|and|matches|contains|startsWith|endsWith|let|if|else){EndOfWord}"),
            TokenKind.Operator)
        .Match(Matching($"(?![0-9]){LetterOrDigit}+"), TokenKind.Identifier)
        .Match(Matching($"#(?!#){LetterOrDigit}*"), TokenKind.Pointer)
        .Match(Span.WithAll(_ => true), TokenKind.Unknown)
        .Build();

    /// <summary>Says why a text begins no token.</summary>
    public static string Explain(ReadOnlySpan<char> text) => text switch
    {
        ['"' or '\'' or '`', ..] => "literal not terminated",
        ['/', ..] => "unclosed comment",
        ['.' or (>= '0' and <= '9'), ..] => $"bad number syntax: \"{Word(text)}\"",
        _ => $"unrecognized character: U+{(int)text[0]:X4} '{text[0]}'",
    };

    private static readonly SearchValues<char> Separators = SearchValues.Create(" \t\r\n()[]{},;");

    private static string Word(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAny(Separators);
        return text[..Math.Min(end < 0 ? text.Length : end, 40)].ToString();
    }

    // Superpower anchors a pattern at its beginning only, which of several alternatives would be the first one.
    private static TextParser<TextSpan> Matching(string pattern) =>
        Span.Regex($"(?:{pattern})", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);
}
