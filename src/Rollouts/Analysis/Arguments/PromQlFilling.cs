namespace Rollouts.Analysis.Arguments;

/// <summary>
/// Puts values into a PromQL query. Inside a string a value is text; elsewhere it is one number, one duration or one name, or part of a name
/// (<c>http_{{args.kind}}_total</c>), or the digits of a number or duration (<c>[{{args.minutes}}m]</c>).
/// </summary>
internal static class PromQlFilling
{
    private const string Alone =
        "outside a string it must be one number, one duration (such as 5m) or one name that is no keyword of PromQL; put quotes around the placeholder for a text";

    public static (string? Text, int Index, string? Problem) Fill(TemplateText template, IReadOnlyList<string> values)
    {
        string[] neutrals = [.. values.Select(NeutralFor)];

        string? Check(string neutral, IReadOnlyList<Token> tokens, int token, bool isWhole, int index)
        {
            Token place = tokens[token];
            string value = values[index];
            return place.Kind switch
            {
                TokenKind.String => TextRules.InString(value, neutral[place.Start]),
                TokenKind.Comment => TextRules.InComment(value),
                TokenKind.Literal or TokenKind.Duration when isWhole => KindOf(value) == place.Kind ? null : Alone,
                // A keyword is a name inside braces; elsewhere the whole query shows that it is none.
                TokenKind.Identifier when isWhole => KindOf(value) is TokenKind.Identifier or TokenKind.Keyword ? null : Alone,
                TokenKind.Identifier => value.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or ':')
                    ? null
                    : "as part of a name it may hold only letters, digits, _ and :",
                TokenKind.Literal or TokenKind.Duration => value.Length > 0 && value.All(char.IsAsciiDigit)
                    ? null
                    : "as part of a number or duration it may hold only digits",
                _ => Alone,
            };
        }

        (string? text, int refused, string? problem) = TokenShape.Fill(template, neutrals, values, PromQlLexer.TryRead, Check);
        return text is null && refused < 0 && Misfit(template, neutrals) is >= 0 and int misfit ? (null, misfit, Alone) : (text, refused, problem);
    }

    // A query that can be read with another kind of value in one place is broken by that value, not by its author.
    private static int Misfit(TemplateText template, string[] neutrals)
    {
        for (int i = 0; i < neutrals.Length; i++)
        {
            foreach (string other in new[] { "1m", "1", "a" })
            {
                string[] changed = [.. neutrals];
                changed[i] = other;
                if (PromQlLexer.TryRead(template.Fill(changed, out _), out _, out _))
                {
                    return i;
                }
            }
        }

        return -1;
    }

    private static string NeutralFor(string value) => KindOf(value) switch
    {
        TokenKind.Literal => "1",
        TokenKind.Duration => "1m",
        _ => "a",
    };

    private static TokenKind? KindOf(string value) =>
        PromQlLexer.TryRead(value, out IReadOnlyList<Token> tokens, out _) && tokens is [var one] && one.End - one.Start == value.Length
            ? one.Kind
            : null;
}
