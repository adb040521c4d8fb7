using System.Collections.Immutable;
using Rollouts.Analysis.Expressions.Functions;
using Superpower;
using Superpower.Model;
using Superpower.Parsers;

namespace Rollouts.Analysis.Expressions.Syntax;

using NodeParser = TokenListParser<TokenKind, Node>;
using NodeResult = TokenListParserResult<TokenKind, Node>;
using Tokens = TokenList<TokenKind>;

/// <summary>What operators stand between: literals, names, calls, and what is taken out of them.</summary>
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

    /// <summary>A call; a pipe gives its left side as the first argument.</summary>
    private NodeResult ParseCall(Token<TokenKind> token, Tokens input, Node? piped = null)
    {
        var name = Text(token);
        ImmutableArray<Node> first = piped is null ? [] : [piped];
        if (PredicateFunctions.Find(name) is { } signature)
        {
            return ParsePredicateCall(token, signature, input, first);
        }

        var arguments = Arguments(input);
        if (!arguments.HasValue)
        {
            return TokenListParserResult.CastEmpty<TokenKind, ImmutableArray<Node>, Node>(arguments);
        }

        Node call = Builtins.Exists(name)
            ? new BuiltinNode(At(token), name, first.AddRange(arguments.Value))
            : new CallNode(At(token), new IdentifierNode(At(token), name), first.AddRange(arguments.Value));
        return Accept(call, input, arguments.Remainder);
    }

    private NodeResult ParsePredicateCall(
        Token<TokenKind> token, PredicateSignature signature, Tokens input, ImmutableArray<Node> arguments)
    {
        var piped = arguments.Length;
        var opening = Bracket("(")(input);
        if (!opening.HasValue)
        {
            return Refuse(input);
        }

        var rest = opening.Remainder;
        for (var i = piped; i < signature.Most; i++)
        {
            if (IsBracket(rest, ")"))
            {
                if (i >= signature.Fewest)
                {
                    break;
                }

                return Refuse(rest, $"expected at least {signature.Most - piped} arguments");
            }

            if (i > piped)
            {
                var comma = Operator(",")(rest);
                if (!comma.HasValue)
                {
                    return Refuse(rest);
                }

                rest = comma.Remainder;
            }

            var argument = i == 1 ? ParsePredicate(rest) : Expression(rest);
            if (!argument.HasValue)
            {
                return argument;
            }

            arguments = arguments.Add(argument.Value);
            rest = argument.Remainder;
        }

        rest = IsOperator(rest, ",") ? rest.ConsumeToken().Remainder : rest;
        var closing = Bracket(")")(rest);
        return closing.HasValue
            ? Accept(new BuiltinNode(At(token), token.ToStringValue(), arguments), input, closing.Remainder)
            : Refuse(rest);
    }

    private static NodeResult ParsePredicate(Tokens input)
    {
        var body = IsBracket(input, "{") ? Inside.Block(input) : Inside.Expression(input);
        if (body.HasValue && IsOperator(body.Remainder, ";"))
        {
            return Refuse(body.Remainder, "wrap predicate with brackets { and }");
        }

        return body.HasValue ? Accept(new PredicateNode(body.Value.At, body.Value), input, body.Remainder) : body;
    }

    private NodeResult ParsePostfix(Tokens input, NodeResult operand)
    {
        while (operand.HasValue)
        {
            var rest = operand.Remainder;
            var isOptional = IsOperator(rest, "?.");
            if (isOptional && IsBracket(rest.ConsumeToken().Remainder, "["))
            {
                operand = ParseIndex(input, operand.Value, rest.ConsumeToken().Remainder, true);
            }
            else if (isOptional || IsOperator(rest, "."))
            {
                operand = ParseMember(input, operand.Value, rest.ConsumeToken().Remainder, isOptional);
            }
            else if (IsBracket(rest, "["))
            {
                operand = ParseIndex(input, operand.Value, rest, false);
            }
            else
            {
                break;
            }
        }

        return operand;
    }

    private NodeResult ParseMember(Tokens input, Node target, Tokens rest, bool isOptional)
    {
        var next = rest.ConsumeToken();
        var isName = next.HasValue
            && (next.Value.Kind == TokenKind.Identifier
                || (next.Value.Kind == TokenKind.Operator && char.IsAsciiLetter(next.Value.Span.AsReadOnlySpan()[0])));
        if (!isName)
        {
            return Refuse(rest, "expected name");
        }

        // A chain goes on as one: what an optional member ends, it ends for all that follow.
        var chain = target as ChainNode;
        var property = new StringNode(At(next.Value), Text(next.Value));
        var member = new MemberNode(property.At, chain?.Inner ?? target, property, isOptional);
        Node node = member;
        rest = next.Remainder;
        if (IsBracket(rest, "("))
        {
            var arguments = Arguments(rest);
            if (!arguments.HasValue)
            {
                return TokenListParserResult.CastEmpty<TokenKind, ImmutableArray<Node>, Node>(arguments);
            }

            node = new CallNode(property.At, member with { IsCalled = true }, arguments.Value);
            rest = arguments.Remainder;
        }

        return Accept(chain is null && !isOptional ? node : new ChainNode(property.At, node), input, rest);
    }

    private NodeResult ParseIndex(Tokens input, Node target, Tokens rest, bool isOptional)
    {
        var bracket = rest.ConsumeToken();
        rest = bracket.Remainder;
        Node? from = null;
        if (!IsOperator(rest, ":"))
        {
            var index = Expression(rest);
            if (!index.HasValue)
            {
                return index;
            }

            (from, rest) = (index.Value, index.Remainder);
        }

        Node node;
        if (IsOperator(rest, ":"))
        {
            rest = rest.ConsumeToken().Remainder;
            Node? to = null;
            if (!IsBracket(rest, "]"))
            {
                var end = Expression(rest);
                if (!end.HasValue)
                {
                    return end;
                }

                (to, rest) = (end.Value, end.Remainder);
            }

            node = new SliceNode(At(bracket.Value), target, from, to);
        }
        else
        {
            node = new MemberNode(At(bracket.Value), target, from!, isOptional);
            node = isOptional ? new ChainNode(At(bracket.Value), node) : node;
        }

        var closing = Bracket("]")(rest);
        return closing.HasValue ? Accept(node, input, closing.Remainder) : Refuse(rest);
    }
}
