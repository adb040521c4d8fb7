using System.Collections.Immutable;
using Rollouts.Analysis.Expressions.Values;
using Superpower;
using Superpower.Model;
using Superpower.Parsers;

namespace Rollouts.Analysis.Expressions.Syntax;

using NodeParser = TokenListParser<TokenKind, Node>;
using NodeResult = TokenListParserResult<TokenKind, Node>;
using Tokens = TokenList<TokenKind>;

/// <summary>
/// The grammar of expr-lang. There are two of it: inside of a predicate <c>#</c> and <c>.name</c> stand for the current element,
/// outside they are none.
/// </summary>
internal sealed partial class ConditionGrammar
{
    private static readonly ConditionGrammar Outside = new();
    private static readonly ConditionGrammar Inside = new();

    private ConditionGrammar()
    {
        Expression = input => ParseOperators(input, Operators.Any);
        Sequence = ParseSequence;
        Block = Sequence.Between(Bracket("{"), Bracket("}"));
        Declaration =
            from keyword in Operator("let")
            from name in Token.EqualTo(TokenKind.Identifier)
            from assigned in Operator("=")
            from value in Expression
            from end in Operator(";")
            from body in Sequence
            select (Node)new DeclarationNode(At(name), Text(name), value, body);
        Conditional =
            from keyword in Operator("if")
            from test in Expression
            from then in Block
            from separator in Operator("else")
            from otherwise in Parse.Ref(() => Conditional!).Or(Block)
            select (Node)new ConditionalNode(At(keyword), test, then, otherwise);
        Array = List(Expression, "[", "]").Select(list => (Node)new ArrayNode(At(list.Open), list.Items));
        Map = List<PairNode>(ParsePair, "{", "}").Select(list => (Node)new MapNode(At(list.Open), list.Items));
        Arguments = List(Expression, "(", ")").Select(list => list.Items);
    }

    /// <summary>A whole condition.</summary>
    public static NodeParser Condition { get; } = Outside.Sequence.AtEnd();

    private NodeParser Expression { get; }

    private NodeParser Sequence { get; }

    private NodeParser Block { get; }

    private NodeParser Declaration { get; }

    private NodeParser Conditional { get; }

    private NodeParser Array { get; }

    private NodeParser Map { get; }

    private TokenListParser<TokenKind, ImmutableArray<Node>> Arguments { get; }

    private static TokenListParser<TokenKind, Token<TokenKind>> Operator(string symbol) =>
        Token.EqualToValue(TokenKind.Operator, symbol);

    private static TokenListParser<TokenKind, Token<TokenKind>> Bracket(string symbol) =>
        Token.EqualToValue(TokenKind.Bracket, symbol);

    private static int At(Token<TokenKind> token) => token.Position.Absolute;

    private static string Text(Token<TokenKind> token) => GoText.FromUnicode(token.ToStringValue());

    private static bool Is(Tokens input, TokenKind kind, string symbol) =>
        !input.IsAtEnd && input.ConsumeToken().Value is var token && token.Kind == kind && token.Span.EqualsValue(symbol);

    private static bool IsOperator(Tokens input, string symbol) => Is(input, TokenKind.Operator, symbol);

    private static bool IsBracket(Tokens input, string symbol) => Is(input, TokenKind.Bracket, symbol);

    private static NodeResult Accept(Node node, Tokens from, Tokens rest) =>
        TokenListParserResult.Value<TokenKind, Node>(node, from, rest);

    private static NodeResult Refuse(Tokens at, string? reason = null) =>
        reason is null
            ? TokenListParserResult.Empty<TokenKind, Node>(at)
            : TokenListParserResult.Empty<TokenKind, Node>(at, reason);

    /// <summary>Items between brackets, separated by commas; one may also stand after the last item.</summary>
    private static TokenListParser<TokenKind, (Token<TokenKind> Open, ImmutableArray<T> Items)> List<T>(
        TokenListParser<TokenKind, T> item, string open, string close)
        where T : Node
    {
        TokenListParserResult<TokenKind, ImmutableArray<T>> ParseItems(Tokens input)
        {
            var items = ImmutableArray.CreateBuilder<T>();
            var rest = input;
            while (!IsBracket(rest, close))
            {
                if (items.Count > 0)
                {
                    var comma = Operator(",")(rest);
                    if (!comma.HasValue)
                    {
                        return TokenListParserResult.CastEmpty<TokenKind, Token<TokenKind>, ImmutableArray<T>>(comma);
                    }

                    rest = comma.Remainder;
                    if (IsBracket(rest, close))
                    {
                        break;
                    }
                }

                var next = item(rest);
                if (!next.HasValue)
                {
                    return TokenListParserResult.CastEmpty<TokenKind, T, ImmutableArray<T>>(next);
                }

                items.Add(next.Value);
                rest = next.Remainder;
            }

            return TokenListParserResult.Value(items.DrainToImmutable(), input, rest);
        }

        return
            from opening in Bracket(open)
            from items in (TokenListParser<TokenKind, ImmutableArray<T>>)ParseItems
            from closing in Bracket(close)
            select (opening, items);
    }

    private NodeResult ParseSequence(Tokens input)
    {
        var first = Expression(input);
        if (!first.HasValue || !IsOperator(first.Remainder, ";"))
        {
            return first;
        }

        var nodes = ImmutableArray.Create(first.Value);
        var rest = first.Remainder;
        while (IsOperator(rest, ";"))
        {
            rest = rest.ConsumeToken().Remainder;
            if (rest.IsAtEnd)
            {
                break;
            }

            var next = Expression(rest);
            if (!next.HasValue)
            {
                return next;
            }

            nodes = nodes.Add(next.Value);
            rest = next.Remainder;
        }

        return Accept(nodes.Length == 1 ? nodes[0] : new SequenceNode(first.Value.At, nodes), input, rest);
    }

    private TokenListParserResult<TokenKind, PairNode> ParsePair(Tokens input)
    {
        var key = input.ConsumeToken();
        var isKey = key.HasValue
            && key.Value.Kind is TokenKind.Number or TokenKind.String or TokenKind.RawString or TokenKind.Identifier;
        NodeParser keyParser = isKey ? ParseKey
            : IsBracket(input, "(") ? Expression
            : at => Refuse(
                at, "a map key must be a quoted string, a number, a identifier, or an expression enclosed in parentheses");
        var pair =
            from name in keyParser
            from colon in Operator(":")
            from value in Expression
            select new PairNode(name.At, name, value);
        return pair(input);
    }

    private static NodeResult ParseKey(Tokens input)
    {
        var token = input.ConsumeToken();
        if (token.Value.Kind is TokenKind.Number or TokenKind.Identifier)
        {
            return Accept(new StringNode(At(token.Value), Text(token.Value)), input, token.Remainder);
        }

        return ParseText(input);
    }
}
