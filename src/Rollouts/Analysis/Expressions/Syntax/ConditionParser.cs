using System.Diagnostics.CodeAnalysis;
using Rollouts.Analysis.Expressions.Values;
using Superpower;
using Superpower.Model;

namespace Rollouts.Analysis.Expressions.Syntax;

/// <summary>Parses conditions within bounds that no condition of use comes near to.</summary>
internal static class ConditionParser
{
    public const string TooDeep = "the condition is nested too deeply";

    private const int MostCharacters = 10_000;
    private const int MostNodes = 10_000;
    private const int MostBrackets = 64;
    private const int MostLevels = 256;

    public static bool TryParse(
        string source, [NotNullWhen(true)] out Node? syntax, [NotNullWhen(false)] out ConditionProblem? problem)
    {
        syntax = null;
        if (source.Length > MostCharacters)
        {
            problem = new ConditionProblem($"the condition is longer than {MostCharacters} characters", 1, MostCharacters + 1);
            return false;
        }

        var tokens = Lexemes.Tokenizer.Tokenize(source);
        problem = FindTooDeepBracket(source, tokens);
        if (problem is not null)
        {
            return false;
        }

        try
        {
            var result = ConditionGrammar.Condition(tokens);
            problem = result.HasValue ? FindTooLarge(source, result.Value) : Explain(source, result);
            if (problem is null)
            {
                syntax = result.Value;
                return true;
            }
        }
        catch (InsufficientExecutionStackException)
        {
            problem = new ConditionProblem(TooDeep, 1, 1);
        }

        return false;
    }

    private static ConditionProblem? FindTooDeepBracket(string source, TokenList<TokenKind> tokens)
    {
        var depth = 0;
        foreach (var token in tokens)
        {
            if (token.Kind == TokenKind.Bracket)
            {
                depth += token.Span.AsReadOnlySpan()[0] is '(' or '[' or '{' ? 1 : -1;
            }

            if (depth > MostBrackets)
            {
                return SourcePosition.Problem(
                    source, token.Position.Absolute, $"{TooDeep}: more than {MostBrackets} brackets within brackets");
            }
        }

        return null;
    }

    // Goes through the nodes level by level, because a chain of operators can be deeper than any stack.
    private static ConditionProblem? FindTooLarge(string source, Node condition)
    {
        List<Node> level = [condition];
        for (int count = 0, depth = 1; level.Count > 0; depth++)
        {
            count += level.Count;
            if (count > MostNodes)
            {
                return new ConditionProblem("compilation failed: expression exceeds maximum allowed nodes", 1, 1);
            }

            if (depth > MostLevels)
            {
                return SourcePosition.Problem(source, level[0].At, $"{TooDeep}: more than {MostLevels} levels");
            }

            level = [.. level.SelectMany(node => node.Children)];
        }

        return null;
    }

    private static string Name(Token<TokenKind> token) => GoText.FromUnicode(Describe(token));

    private static string Describe(Token<TokenKind> token) => token.Kind switch
    {
        TokenKind.Pointer => "Operator(\"#\")",
        TokenKind.String => $"String(\"{token.ToStringValue()[1..^1]}\")",
        TokenKind.RawString => $"String(\"{token.ToStringValue()[1..^1]}\")",
        _ => $"{token.Kind}(\"{token.ToStringValue()}\")",
    };

    private static ConditionProblem Explain(string source, TokenListParserResult<TokenKind, Node> result)
    {
        var next = result.Remainder.ConsumeToken();
        var at = next.HasValue ? next.Value.Position.Absolute : source.Length;
        var message = next.HasValue && next.Value.Kind == TokenKind.Unknown
            ? GoText.FromUnicode(Lexemes.Explain(source.AsSpan(at)))
            : result.ErrorMessage
            ?? $"unexpected token {(next.HasValue ? Name(next.Value) : "EOF")}";
        return SourcePosition.Problem(source, at, message);
    }
}
