using System.Collections.Immutable;
using Rollouts.Analysis.Expressions.Functions;
using Rollouts.Analysis.Expressions.Syntax;
using Rollouts.Analysis.Expressions.Values;

namespace Rollouts.Analysis.Expressions.Typing;

/// <summary>Calls of the language's own functions.</summary>
internal sealed partial class Checker
{
    private BuiltinNode Builtin(BuiltinNode node) =>
        PredicateFunctions.Find(node.Name) is not null ? Predicate(node)
        : node.Name == "get" ? Get(node)
        : Function(node, Builtins.Get(node.Name));

    private BuiltinNode Function(BuiltinNode node, Builtin function)
    {
        var arguments = CheckAll(node.Arguments);
        if (function.Check is { } check)
        {
            try
            {
                var type = check([.. arguments.Select(argument => argument.Nature.IsUnknown ? GoType.Any : argument.Nature.Type)]);
                return node with { Arguments = arguments, Nature = Nature.Of(type) };
            }
            catch (EvaluationFailure e)
            {
                throw Fail(node, e.Message);
            }
        }

        CheckFailure? last = null;
        foreach (var overload in function.Overloads)
        {
            (var fitted, last) = Fit(node, node.Name, overload, arguments);
            if (last is null)
            {
                return node with { Arguments = fitted, Nature = Nature.Of(overload.Outputs[0]) };
            }
        }

        throw last ?? Fail(node, $"no matching overload for {node.Name}");
    }

    private BuiltinNode Get(BuiltinNode node)
    {
        if (node.Arguments.Length != 2)
        {
            throw Fail(node, $"invalid number of arguments (expected 2, got {node.Arguments.Length})");
        }

        var arguments = CheckAll(node.Arguments);
        var (from, key) = (arguments[0], arguments[1].Nature);
        var nature = (from, arguments[1]) switch
        {
            (IdentifierNode { Name: ConditionEnvironment.Self }, StringNode name) =>
                ConditionEnvironment.Find(name.Value, result) ?? Nature.Unknown,
            _ when from.Nature.IsUnknown => Nature.Unknown,
            _ when from.Nature.IsArray => key.IsInteger || key.IsUnknown
                ? from.Nature.ElementNature()
                : throw Fail(arguments[1], $"non-integer slice index {key}"),
            _ when from.Nature.IsMap => key.IsUnknown || key.IsAssignableTo(Nature.Of(from.Nature.Type!.Key!))
                ? from.Nature.ElementNature()
                : throw Fail(arguments[1], $"cannot use {key} to get an element from {from.Nature}"),
            _ => throw Fail(from, $"type {from.Nature} does not support indexing"),
        };
        return node with { Arguments = arguments, Nature = nature };
    }

    private BuiltinNode Predicate(BuiltinNode node)
    {
        var collection = Check(node.Arguments[0]);
        var nature = collection.Nature;
        if (!nature.IsArray && !nature.IsUnknown)
        {
            throw Fail(collection, $"builtin {node.Name} takes only array (got {nature})");
        }

        var arguments = ImmutableArray.Create(collection);
        if (node.Arguments.Length == 1)
        {
            return node with
            {
                Arguments = arguments,
                Nature = node.Name == "count" ? Nature.Int : nature.IsUnknown ? Nature.Unknown : nature.ElementNature(),
            };
        }

        var predicate = CheckBody(node, (PredicateNode)node.Arguments[1], nature);
        arguments = arguments.Add(predicate);
        if (node.Arguments.Length == 3)
        {
            var third = Check(node.Arguments[2]);
            if (node.Name == "sortBy" && !third.Nature.IsString && !third.Nature.IsUnknown)
            {
                throw Fail(third, $"sortBy order argument must be a string (got {third.Nature})");
            }

            arguments = arguments.Add(third);
        }

        return node with { Arguments = arguments, Nature = OfPredicate(node, predicate, nature) };
    }

    private PredicateNode CheckBody(BuiltinNode node, PredicateNode predicate, Nature collection)
    {
        loops.Add(new Loop(collection, node.Name is "map" or "reduce", node.Name == "reduce"));
        var body = Check(predicate.Body);
        loops.RemoveAt(loops.Count - 1);
        return predicate with { Body = body, Nature = body.Nature };
    }

    private static Nature OfPredicate(BuiltinNode node, PredicateNode predicate, Nature collection)
    {
        var body = predicate.Nature;
        if (body.IsNil)
        {
            throw Fail(predicate, node.Name == "reduce"
                ? "predicate should has two input and one output param"
                : "predicate should has one input and one output param");
        }

        if (node.Name is "map" or "sum" or "groupBy" or "sortBy" or "reduce")
        {
            return node.Name switch
            {
                "map" => Nature.ArrayOf(body),
                "sum" => Nature.Of(body.IsUnknown ? GoType.Any : body.Type!),
                "groupBy" => Nature.Of(GoType.GroupMap),
                "sortBy" => collection,
                _ => body,
            };
        }

        if (!body.IsBool && !body.IsUnknown)
        {
            throw Fail(predicate, $"predicate should return boolean (got {body})");
        }

        return node.Name switch
        {
            "all" or "any" or "none" or "one" => Nature.Bool,
            "count" or "findIndex" or "findLastIndex" => Nature.Int,
            "filter" => collection.IsUnknown ? Nature.Array : Nature.ArrayOf(collection.ElementNature()),
            _ => collection.IsUnknown ? Nature.Unknown : collection.ElementNature(),
        };
    }
}
