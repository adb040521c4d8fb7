using System.Text.RegularExpressions;

namespace Rollouts.Analysis.Arguments;

/// <summary>
/// Puts values into a condition. Inside a string a value is text, elsewhere it is one number, true or false, standing where a number may stand.
/// </summary>
internal static partial class ConditionFilling
{
    private const string Allowed =
        "outside a string it must be one number (such as 0.05 or -1), true or false, and stand alone; put quotes around the placeholder for a text";

    public static (string? Text, int Index, string? Problem) Fill(TemplateText template, IReadOnlyList<string> values)
    {
        string[] neutrals = [.. values.Select(_ => "1")];
        // The sign comes back in parentheses, where it can't bind to what stands before it or lose against a power after it.
        string[] unsigned = [.. values.Select(v => SignedNumber().IsMatch(v) ? v[1..] : v)];
        bool[] isSigned = new bool[values.Count];

        string? Check(string neutral, IReadOnlyList<Token> tokens, int token, bool isWhole, int index)
        {
            switch (tokens[token].Kind)
            {
                case TokenKind.String:
                    return TextRules.InString(values[index], neutral[tokens[token].Start]);
                case TokenKind.Comment:
                    return TextRules.InComment(values[index]);
                default:
                    isSigned[index] = unsigned[index] != values[index];
                    return isWhole && Literal().IsMatch(unsigned[index]) && IsOperandPlace(neutral, tokens, token) ? null : Allowed;
            }
        }

        (string? text, int refused, string? problem) = TokenShape.Fill(template, neutrals, unsigned, ConditionLexer.TryRead, Check);
        if (text is null)
        {
            return (null, refused, problem);
        }

        text = template.Fill([.. values.Select((v, i) => isSigned[i] ? $"({v})" : v)], out _);
        return ConditionShape.FindChange(template.Fill(neutrals, out _), text) is { } change
            ? (null, TokenShape.Blame(neutrals, values), change)
            : (text, -1, null);
    }

    // Two operands in a row are no condition; a sign, or a parenthesis, would make one of them.
    private static bool IsOperandPlace(string text, IReadOnlyList<Token> tokens, int token)
    {
        int before = token - 1;
        while (before >= 0 && tokens[before].Kind == TokenKind.Comment)
        {
            before--;
        }

        return before < 0
            || tokens[before].Kind == TokenKind.Keyword
            || (tokens[before].Kind == TokenKind.Operator && tokens[before].Of(text) is not (")" or "]" or "}" or "." or "?."));
    }

    [GeneratedRegex(@"^[+-][0-9.]", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex SignedNumber();

    [GeneratedRegex(@"^(?:true|false|[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Literal();
}
