namespace Rollouts.Analysis.Arguments;

/// <summary>The tokens of a condition, as expr-lang splits them, as far as their boundaries matter to what a value may do.</summary>
internal sealed class ConditionLexer
{
    private static readonly string[] LongOperators =
        ["**", "==", "!=", "<=", ">=", "&&", "||", "??", "?.", "..", "::"];

    private readonly string text;
    private readonly List<Token> tokens = [];
    private int at;

    private ConditionLexer(string text) => this.text = text;

    public static bool TryRead(string text, out IReadOnlyList<Token> tokens, out string? problem)
    {
        var lexer = new ConditionLexer(text);
        problem = null;
        while (problem is null && lexer.at < text.Length)
        {
            problem = lexer.Next();
        }

        tokens = lexer.tokens;
        return problem is null;
    }

    private char Current => Peek(0);

    private char Peek(int ahead) => at + ahead < text.Length ? text[at + ahead] : '\0';

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c is '_' or '$';

    private string? Next()
    {
        int start = at;
        switch (Current)
        {
            case var c when char.IsWhiteSpace(c):
                at++;
                return null;
            case '/' when Peek(1) == '/':
                int end = text.AsSpan(at).IndexOf('\n');
                at = end < 0 ? text.Length : at + end;
                return Add(TokenKind.Comment, start);
            case '/' when Peek(1) == '*':
                int close = text.IndexOf("*/", at + 2, StringComparison.Ordinal);
                at = close < 0 ? text.Length : close + 2;
                return close < 0 ? $"a comment without end at character {start + 1}" : Add(TokenKind.Comment, start);
            case '"' or '\'' or '`':
                return ReadString(Current);
            case (>= '0' and <= '9'):
            case '.' when char.IsAsciiDigit(Peek(1)):
                ReadNumber();
                return Add(TokenKind.Literal, start);
            case '#':
                // A name that touches the pointer is part of it.
                SkipWord(1);
                return Add(TokenKind.Identifier, start);
            case var c when IsWord(c):
                SkipWord(1);
                return Add(KindOf(text.AsSpan(start, at - start)), start);
            default:
                at += LongOperators.Any(o => text.AsSpan(start).StartsWith(o, StringComparison.Ordinal)) ? 2 : 1;
                return Add(TokenKind.Operator, start);
        }
    }

    private static TokenKind KindOf(ReadOnlySpan<char> word) => word switch
    {
        "true" or "false" => TokenKind.Literal,
        "not" or "in" or "or" or "and" or "matches" or "contains" or "startsWith" or "endsWith" or "let" or "if" or "else" => TokenKind.Keyword,
        _ => TokenKind.Identifier,
    };

    private string? Add(TokenKind kind, int start)
    {
        tokens.Add(new Token(kind, start, at));
        return null;
    }

    private void SkipWord(int known)
    {
        at += known;
        while (IsWord(Current))
        {
            at++;
        }
    }

    private void ReadNumber()
    {
        while (IsWord(Current)
            || (Current == '.' && Peek(1) != '.')
            || (Current is '+' or '-' && text[at - 1] is 'e' or 'E'))
        {
            at++;
        }
    }

    private string? ReadString(char quote)
    {
        int start = at++;
        while (at < text.Length && Current != quote && (Current != '\n' || quote == '`'))
        {
            at += Current == '\\' && quote != '`' ? 2 : 1;
        }

        if (at >= text.Length || Current != quote)
        {
            return $"a string without end at character {start + 1}";
        }

        at++;
        return Add(TokenKind.String, start);
    }
}
