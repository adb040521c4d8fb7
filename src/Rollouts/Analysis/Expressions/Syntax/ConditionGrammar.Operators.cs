using System.Runtime.CompilerServices;
using Superpower.Model;

namespace Rollouts.Analysis.Expressions.Syntax;

using NodeResult = TokenListParserResult<TokenKind, Node>;
using Tokens = TokenList<TokenKind>;

/// <summary>Operators by precedence climbing, which is how expr-lang decides what an operator takes.</summary>
internal sealed partial class ConditionGrammar
{
    private NodeResult ParseOperators(Tokens input, int least)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (least == Operators.Any && IsOperator(input, "let"))
        {
            return Declaration(input);
        }

        if (least == Operators.Any && IsOperator(input, "if"))
        {
            return Conditional(input);
        }

        var operand = ParsePrimary(input);
        var previous = "";
        while (operand.HasValue)
        {
            var next = NextOperator(operand.Remainder, least, out var symbol, out var negation, out var misplaced);
            if (misplaced is { } at)
            {
                return Refuse(at);
            }

            if (next is null)
            {
                break;
            }

            if (previous == Operators.Coalesce && symbol.ToStringValue() is not (Operators.Coalesce or Operators.Pipe))
            {
                return Refuse(
                    operand.Remainder,
                    $"Operator ({symbol.ToStringValue()}) and coalesce expressions (??) cannot be mixed. Wrap either by parentheses.");
            }

            operand = Apply(input, operand.Value, symbol, next.Value);
            if (operand.HasValue && negation is { } not)
            {
                operand = Accept(new UnaryNode(At(not), "not", operand.Value), input, operand.Remainder);
            }

            previous = symbol.ToStringValue();
        }

        return operand.HasValue && least == Operators.Any ? ParseTernary(input, operand) : operand;
    }

    /// <summary>Finds a binary operator that binds at least as tightly as asked, and what follows it.</summary>
    private static Tokens? NextOperator(
        Tokens input, int least, out Token<TokenKind> symbol, out Token<TokenKind>? negation, out Tokens? misplaced)
    {
        negation = null;
        misplaced = null;
        var next = input.ConsumeToken();
        symbol = next.HasValue ? next.Value : default;
        if (!next.HasValue || symbol.Kind != TokenKind.Operator)
        {
            return null;
        }

        if (symbol.Span.EqualsValue("not"))
        {
            negation = symbol;
            var after = next.Remainder;
            next = after.ConsumeToken();
            if (!next.HasValue || !Operators.CanBeNegated(next.Value.ToStringValue()))
            {
                misplaced = after;
                return null;
            }

            symbol = next.Value;
        }

        return Operators.BinaryBinding(symbol.ToStringValue()) >= least ? next.Remainder : null;
    }

    private NodeResult Apply(Tokens input, Node left, Token<TokenKind> token, Tokens rest)
    {
        var symbol = token.ToStringValue();
        var binding = Operators.BinaryBinding(symbol)!.Value;
        if (symbol == Operators.Pipe)
        {
            var name = Superpower.Parsers.Token.EqualTo(TokenKind.Identifier)(rest);
            return name.HasValue ? ParseCall(name.Value, name.Remainder, left) : Refuse(rest);
        }

        if (Operators.IsComparison(symbol))
        {
            return ParseComparisons(input, left, token, rest, binding + 1);
        }

        var right = ParseOperators(rest, Operators.IsRightAssociative(symbol) ? binding : binding + 1);
        return right.HasValue
            ? Accept(new BinaryNode(At(token), symbol, left, right.Value), input, right.Remainder)
            : right;
    }

    /// <summary>Comparisons in a row: a &lt; b &lt; c holds when both hold.</summary>
    private NodeResult ParseComparisons(Tokens input, Node left, Token<TokenKind> token, Tokens rest, int binding)
    {
        Node? all = null;
        while (true)
        {
            var right = ParseOperators(rest, binding);
            if (!right.HasValue)
            {
                return right;
            }

            var comparison = new BinaryNode(At(token), token.ToStringValue(), left, right.Value);
            all = all is null ? comparison : new BinaryNode(At(token), "&&", all, comparison);
            left = right.Value;

            var next = right.Remainder.ConsumeToken();
            if (!next.HasValue
                || next.Value.Kind != TokenKind.Operator
                || !Operators.IsComparison(next.Value.ToStringValue()))
            {
                return Accept(all, input, right.Remainder);
            }

            token = next.Value;
            rest = next.Remainder;
        }
    }

    private NodeResult ParseTernary(Tokens input, NodeResult test)
    {
        while (test.HasValue && IsOperator(test.Remainder, "?"))
        {
            var question = test.Remainder.ConsumeToken();
            var then = test;
            var rest = question.Remainder;
            if (!IsOperator(rest, ":"))
            {
                then = Expression(rest);
                if (!then.HasValue)
                {
                    return then;
                }

                rest = then.Remainder;
            }

            var colon = Operator(":")(rest);
            var otherwise = colon.HasValue ? Expression(colon.Remainder) : Refuse(rest);
            test = otherwise.HasValue
                ? Accept(
                    new ConditionalNode(At(question.Value), test.Value, then.Value, otherwise.Value),
                    input,
                    otherwise.Remainder)
                : otherwise;
        }

        return test;
    }
}
