using System.Collections.Immutable;
using Superpower.Model;

namespace Rollouts.Analysis.Expressions.Syntax;

using NodeResult = TokenListParserResult<TokenKind, Node>;
using Tokens = TokenList<TokenKind>;

/// <summary>What is taken out of an operand: members, elements, parts, and calls of methods.</summary>
internal sealed partial class ConditionGrammar
{
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
