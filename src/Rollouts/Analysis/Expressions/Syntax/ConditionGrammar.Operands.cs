using Superpower;
using Superpower.Model;
using Superpower.Parsers;

namespace Rollouts.Analysis.Expressions.Syntax;

using NodeParser = TokenListParser<TokenKind, Node>;
using NodeResult = TokenListParserResult<TokenKind, Node>;
using Tokens = TokenList<TokenKind>;

/// <summary>What operators stand between: literals, names and groups.</summary>
internal sealed partial class ConditionGrammar
{
    private NodeResult ParsePrimary(Tokens input)
    {
        var next = input.ConsumeToken();
        if (!next.HasValue)
        {
            return Refuse(input);
        }

        var (token, rest) = (next.Value, next.Remainder);
        switch (token.Kind)
        {
            case TokenKind.Number:
                return ParseNumber(input);
            case TokenKind.String or TokenKind.RawString or TokenKind.Bytes:
                return ParsePostfix(input, ParseText(input));
            case TokenKind.Pointer when this == Inside:
                return ParsePostfix(input, ParsePointer(token, rest));
            case TokenKind.Identifier:
                return ParseName(input, token, rest);
            case TokenKind.Bracket:
                NodeParser? group = token.ToStringValue() switch
                {
                    "(" => Sequence.Between(Bracket("("), Bracket(")")),
                    "[" => Array,
                    "{" => Map,
                    _ => null,
                };
                return group is null ? Refuse(input) : ParsePostfix(input, group(input));
            case TokenKind.Operator:
                return ParsePrefix(input, token, rest);
            default:
                return Refuse(input);
        }
    }

    private NodeResult ParsePrefix(Tokens input, Token<TokenKind> token, Tokens rest)
    {
        var symbol = token.ToStringValue();
        if (Operators.UnaryBinding(symbol) is { } binding)
        {
            var operand = ParseOperators(rest, binding);
            return operand.HasValue
                ? ParsePostfix(input, Accept(new UnaryNode(At(token), symbol, operand.Value), input, operand.Remainder))
                : operand;
        }

        switch (symbol)
        {
            // The point belongs to the member, which the postfix reads.
            case "." when this == Inside:
                return ParsePostfix(input, Accept(new PointerNode(At(token), ""), input, input));
            case "::":
                var name = Token.EqualTo(TokenKind.Identifier)(rest);
                return name.HasValue
                    ? ParsePostfix(input, ParseCall(name.Value, name.Remainder))
                    : Refuse(rest);
            default:
                return Refuse(input);
        }
    }

    private NodeResult ParseName(Tokens input, Token<TokenKind> token, Tokens rest)
    {
        switch (Text(token))
        {
            case "true":
                return Accept(new BoolNode(At(token), true), input, rest);
            case "false":
                return Accept(new BoolNode(At(token), false), input, rest);
            case "nil":
                return Accept(new NilNode(At(token)), input, rest);
            case var name:
                return ParsePostfix(
                    input,
                    IsBracket(rest, "(")
                        ? ParseCall(token, rest)
                        : Accept(new IdentifierNode(At(token), name), input, rest));
        }
    }

    private static NodeResult ParsePointer(Token<TokenKind> token, Tokens rest)
    {
        var name = Text(token)[1..];
        if (name.Length == 0 && Token.EqualTo(TokenKind.Identifier)(rest) is { HasValue: true } apart)
        {
            name = Text(apart.Value);
            rest = apart.Remainder;
        }

        return Accept(new PointerNode(At(token), name), rest, rest);
    }

    private static NodeResult ParseNumber(Tokens input)
    {
        var token = input.ConsumeToken();
        return Literals.Number(At(token.Value), token.Value.ToStringValue(), out var reason) is { } node
            ? Accept(node, input, token.Remainder)
            : Refuse(input, reason);
    }

    private static NodeResult ParseText(Tokens input)
    {
        var token = input.ConsumeToken();
        var literal = token.Value.ToStringValue();
        string? reason = null;
        Node? node = token.Value.Kind switch
        {
            TokenKind.RawString => new StringNode(At(token.Value), Literals.RawText(literal)),
            TokenKind.String => Literals.Text(literal, out reason) is { } text ? new StringNode(At(token.Value), text) : null,
            _ => Literals.Bytes(literal, out reason) is { } bytes ? new BytesNode(At(token.Value), bytes) : null,
        };
        return node is null ? Refuse(input, reason) : Accept(node, input, token.Remainder);
    }
}
