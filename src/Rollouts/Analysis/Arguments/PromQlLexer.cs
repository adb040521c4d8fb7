using System.Collections.Frozen;

namespace Rollouts.Analysis.Arguments;

/// <summary>
/// The tokens of PromQL, up to and including Prometheus 3. Inside braces every word is a label name, inside brackets only durations, numbers
/// and the words of duration expressions stand, elsewhere a word may be a keyword, in any case.
/// </summary>
internal sealed class PromQlLexer
{
    private static readonly FrozenSet<string> Keywords = new[]
    {
        "and", "or", "unless", "atan2",
        "sum", "avg", "count", "min", "max", "group", "stddev", "stdvar", "topk", "bottomk", "count_values", "quantile", "limitk", "limit_ratio",
        "offset", "by", "without", "on", "ignoring", "group_left", "group_right", "bool", "start", "end",
        "smoothed", "anchored", "fill", "fill_left", "fill_right", "step", "range",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly string[] LongOperators = ["==", "!=", "<=", ">=", "=~", "!~"];

    private readonly string text;
    private readonly List<Token> tokens = [];
    private bool inBraces;
    private bool inBrackets;
    private int at;

    private PromQlLexer(string text) => this.text = text;

    public static bool TryRead(string text, out IReadOnlyList<Token> tokens, out string? problem)
    {
        var lexer = new PromQlLexer(text);
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

    private string? Next()
    {
        int start = at;
        char c = Current;
        switch (c)
        {
            case ' ' or '\t' or '\r' or '\n':
                at++;
                return null;
            case '#':
                int end = text.AsSpan(at).IndexOfAny('\r', '\n');
                at = end < 0 ? text.Length : at + end;
                return Add(TokenKind.Comment, start);
            case '"' or '\'' or '`':
                return ReadString(c);
            case (>= '0' and <= '9') or '.' when !inBraces:
                return ReadNumberOrDuration();
            case '_' or (>= 'a' and <= 'z') or (>= 'A' and <= 'Z'):
            case ':' when !inBraces && !inBrackets:
                return ReadWord();
            default:
                return ReadOperator(c);
        }
    }

    private string? Add(TokenKind kind, int start)
    {
        tokens.Add(new Token(kind, start, at));
        return null;
    }

    private string Unexpected(string what) => $"{what} at character {at + 1} is not PromQL";

    private string? ReadString(char quote)
    {
        int start = at++;
        while (at < text.Length && Current != quote && (Current != '\n' || quote == '`'))
        {
            at += Current == '\\' && quote != '`' ? 2 : 1;
        }

        if (at >= text.Length || Current != quote)
        {
            at = start;
            return Unexpected("a string without end");
        }

        at++;
        return Add(TokenKind.String, start);
    }

    private string? ReadNumberOrDuration()
    {
        int start = at;
        while (char.IsAsciiLetterOrDigit(Current) || Current is '.' or '_' || (Current is '+' or '-' && IsExponent(start)))
        {
            at++;
        }

        ReadOnlySpan<char> word = text.AsSpan(start, at - start);
        if (PromQlNumbers.IsDuration(word))
        {
            return Add(TokenKind.Duration, start);
        }

        if (PromQlNumbers.IsNumber(word))
        {
            return Add(TokenKind.Literal, start);
        }

        at = start;
        return Unexpected($"'{word}'");
    }

    private bool IsExponent(int start) =>
        at > start && text[at - 1] is 'e' or 'E' && !text.AsSpan(start, at - start).StartsWith("0x", StringComparison.OrdinalIgnoreCase);

    private string? ReadWord()
    {
        int start = at;
        while (char.IsAsciiLetterOrDigit(Current) || Current == '_' || (Current == ':' && !inBraces && !inBrackets))
        {
            at++;
        }

        string word = text[start..at];
        if (inBraces)
        {
            return Add(TokenKind.Identifier, start);
        }

        if (Keywords.Contains(word))
        {
            return Add(TokenKind.Keyword, start);
        }

        if (inBrackets)
        {
            at = start;
            return Unexpected($"'{word}' inside brackets");
        }

        return Add(PromQlNumbers.IsNumber(word) ? TokenKind.Literal : TokenKind.Identifier, start);
    }

    private string? ReadOperator(char c)
    {
        int start = at;
        switch (c)
        {
            case '{' when !inBraces && !inBrackets:
                inBraces = true;
                break;
            case '}' when inBraces:
                inBraces = false;
                break;
            case '[' when !inBraces && !inBrackets:
                inBrackets = true;
                break;
            case ']' when inBrackets:
                inBrackets = false;
                break;
            case ',' or '=' or '!':
            case '(' or ')' or '+' or '-' or '*' or '/' or '%' or '^' or '<' or '>' or '@' when !inBraces:
            case ':' when inBrackets:
                break;
            default:
                return Unexpected($"'{c}'");
        }

        at += LongOperators.Any(o => text.AsSpan(start).StartsWith(o, StringComparison.Ordinal)) ? 2 : 1;
        return Add(TokenKind.Operator, start);
    }
}
