using System.Collections.Immutable;
using Rollouts.Analysis.Expressions.Syntax;
using Rollouts.Analysis.Expressions.Times;
using Rollouts.Analysis.Expressions.Values;

namespace Rollouts.Analysis.Expressions.Typing;

/// <summary>Members, parts, and calls of functions by value.</summary>
internal sealed partial class Checker
{
    private MemberNode Member(MemberNode node)
    {
        if (node.Target is IdentifierNode { Name: ConditionEnvironment.Self })
        {
            return OfEnvironment(node);
        }

        var (target, property) = (Check(node.Target), Check(node.Property));
        return node with { Target = target, Property = property, Nature = MemberNature(node, target.Nature, property) };
    }

    private MemberNode OfEnvironment(MemberNode node)
    {
        var nature = Nature.Unknown;
        if (node.Property is StringNode name)
        {
            nature = ConditionEnvironment.Find(name.Value, result)
                ?? (node.IsOptional ? Nature.Unknown : throw Fail(node, $"unknown name {name.Value}"));
        }

        return node with { Property = Leniently(node.Property), Nature = nature };
    }

    /// <summary>
    /// Checks what expr-lang leaves unchecked, because it belongs to something of which nothing is known: what does not fit
    /// there fails when it is evaluated, if at all, and a name that nobody knows is nil.
    /// </summary>
    private Node Leniently(Node node)
    {
        try
        {
            return Check(node);
        }
        catch (CheckFailure e)
        {
            return node switch
            {
                IdentifierNode => new NilNode(node.At) { Nature = Nature.Nil },
                BuiltinNode or DeclarationNode or PointerNode => new FailureNode(e.At, e.Message),
                _ => node.WithChildren([.. node.Children.Select(Leniently)]),
            };
        }
    }

    private static Nature MemberNature(MemberNode node, Nature target, Node property)
    {
        if (target.IsUnknown)
        {
            return Nature.Unknown;
        }

        var name = (property as StringNode)?.Value;
        if (name is not null && target.IsNil)
        {
            throw Fail(node, $"type nil has no field {name}");
        }

        if (name is not null && GoMethods.TryFind(target.Type!, name, out var method))
        {
            return Nature.Of(method.Type);
        }

        var key = property.Nature;
        switch (target.Kind)
        {
            case GoKind.Map:
                return key.IsUnknown || key.IsAssignableTo(Nature.Of(target.Type!.Key!))
                    ? target.ElementNature()
                    : throw Fail(property, $"cannot use {key} to get an element from {target}");
            case GoKind.Slice or GoKind.Array:
                return key.IsUnknown || key.IsInteger
                    ? target.ElementNature()
                    : throw Fail(property, $"array elements can only be selected using an integer (got {key})");
            default:
                throw Fail(node, name is null
                    ? $"type {target}[{key}] is undefined"
                    : $"type {target} has no {(node.IsCalled ? "method" : "field")} {name}");
        }
    }

    private SliceNode Slice(SliceNode node)
    {
        var target = Check(node.Target);
        if (target.Nature.IsUnknown)
        {
            return node with
            {
                Target = target,
                From = node.From is null ? null : Leniently(node.From),
                To = node.To is null ? null : Leniently(node.To),
                Nature = Nature.Unknown,
            };
        }

        if (!target.Nature.IsString && !target.Nature.IsArray)
        {
            throw Fail(node, $"cannot slice {target.Nature}");
        }

        return node with { Target = target, From = Border(node.From), To = Border(node.To), Nature = target.Nature };
    }

    private Node? Border(Node? node)
    {
        if (node is null)
        {
            return null;
        }

        var border = Check(node);
        return border.Nature.IsInteger || border.Nature.IsUnknown
            ? border
            : throw Fail(border, $"non-integer slice index {border.Nature}");
    }

    private CallNode Call(CallNode node)
    {
        if (node.Callee is IdentifierNode { Name: ConditionEnvironment.Self })
        {
            throw Fail(node, "map[string]interface {} is not callable");
        }

        var callee = Check(node.Callee);
        if (callee.Nature.IsUnknown)
        {
            return node with
            {
                Callee = callee,
                Arguments = [.. node.Arguments.Select(Leniently)],
                Nature = Nature.Unknown,
            };
        }

        var name = callee switch
        {
            IdentifierNode identifier => identifier.Name,
            MemberNode { Property: StringNode property } => property.Value,
            _ => "function",
        };
        if (callee.Nature.IsNil)
        {
            throw Fail(node, $"{name} is nil; cannot call nil as function");
        }

        if (callee.Nature.Type!.Signature is not { } signature)
        {
            throw Fail(node, $"{callee.Nature} is not callable");
        }

        var (arguments, failure) = Fit(node, name, signature, CheckAll(node.Arguments));
        return failure is null
            ? node with { Callee = callee, Arguments = arguments, Nature = Nature.Of(signature.Outputs[0]) }
            : throw failure;
    }

    /// <summary>Fits checked arguments to a signature: whole numbers become floats where floats are wanted.</summary>
    private static (ImmutableArray<Node> Arguments, CheckFailure? Failure) Fit(
        Node call, string name, GoSignature signature, ImmutableArray<Node> arguments)
    {
        if (signature.Outputs.Length > 2)
        {
            return (arguments, Fail(call, $"func {name} returns more then two values"));
        }

        var fewest = signature.Inputs.Length - (signature.IsVariadic ? 1 : 0);
        if (arguments.Length < fewest)
        {
            return (arguments, Fail(call, $"not enough arguments to call {name}"));
        }

        if (arguments.Length > fewest && !signature.IsVariadic)
        {
            return (arguments, Fail(call, $"too many arguments to call {name}"));
        }

        var fitted = ImmutableArray.CreateBuilder<Node>(arguments.Length);
        for (var i = 0; i < arguments.Length; i++)
        {
            var input = Nature.Of(i < fewest ? signature.Inputs[i] : signature.Inputs[^1].Element!);
            var (argument, nature) = (arguments[i], arguments[i].Nature);
            if (input.IsFloat && nature.IsInteger)
            {
                fitted.Add(ToFloats(argument));
                continue;
            }

            var fits = nature.IsUnknown
                || (input.IsInteger && nature.IsInteger)
                || (nature.IsNil ? input.Kind is GoKind.Pointer or GoKind.Interface : nature.IsAssignableTo(input));
            if (!fits)
            {
                return (arguments, Fail(argument, nature.IsNil
                    ? $"cannot use nil as argument (type {input}) to call {name}"
                    : $"cannot use {nature} as argument (type {input}) to call {name} "));
            }

            fitted.Add(argument);
        }

        return (fitted.MoveToImmutable(), null);
    }

    /// <summary>Makes floats of the whole numbers that a sum, a difference or a product is written with.</summary>
    private static Node ToFloats(Node node) => node switch
    {
        IntegerNode integer => new FloatNode(node.At, integer.Value) { Nature = Nature.Float },
        UnaryNode unary => unary with { Operand = ToFloats(unary.Operand) },
        BinaryNode { Operator: "+" or "-" or "*" } binary =>
            binary with { Left = ToFloats(binary.Left), Right = ToFloats(binary.Right) },
        _ => node,
    };
}
