using System.Collections.Immutable;
using Rollouts.Analysis.Expressions.Functions;
using Superpower.Model;

namespace Rollouts.Analysis.Expressions.Syntax;

using NodeResult = TokenListParserResult<TokenKind, Node>;
using Tokens = TokenList<TokenKind>;

/// <summary>Calls of functions by their names.</summary>
internal sealed partial class ConditionGrammar
{
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
}
