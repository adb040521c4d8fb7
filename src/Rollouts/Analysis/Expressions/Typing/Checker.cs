using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Rollouts.Analysis.Expressions.Functions;
using Rollouts.Analysis.Expressions.Syntax;
using Rollouts.Analysis.Expressions.Values;

namespace Rollouts.Analysis.Expressions.Typing;

/// <summary>
/// Checks the types of a condition for a result of a certain type, as expr-lang does before it runs one, and notes on each node
/// what is known of its value. Where the value of a name is only known to be something, all is allowed until the evaluation.
/// </summary>
internal sealed partial class Checker
{
    // A function that a condition names without calling it has no value there; only its being a function is known.
    private static readonly Nature UncalledBuiltin = Nature.Of(GoType.Func(
        new GoSignature([GoType.Anys], [GoType.Any], IsVariadic: true)));

    private readonly GoType? result;
    private readonly List<(string Name, Nature Nature)> variables = [];
    private readonly List<Loop> loops = [];

    private Checker(GoType? result)
    {
        this.result = result;
    }

    /// <summary>Checks a condition for a result of a type, null meaning nil.</summary>
    /// <exception cref="CheckFailure">The types do not fit together.</exception>
    public static Node Check(Node condition, GoType? result) => new Checker(result).Check(condition);

    private static CheckFailure Fail(Node node, string message) => new(node.At, message);

    private Node Check(Node node)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return CheckAny(node);
    }

    private Node CheckAny(Node node) => node switch
    {
        NilNode => node with { Nature = Nature.Nil },
        BoolNode => node with { Nature = Nature.Bool },
        IntegerNode => node with { Nature = Nature.Int },
        FloatNode => node with { Nature = Nature.Float },
        StringNode => node with { Nature = Nature.String },
        BytesNode => node with { Nature = Nature.Of(GoType.Bytes) },
        IdentifierNode identifier => node with { Nature = Identifier(identifier) },
        PointerNode pointer => node with { Nature = Pointer(pointer) },
        UnaryNode unary => Unary(unary),
        BinaryNode binary => Binary(binary),
        ChainNode chain => Check(chain.Inner) is var inner ? chain with { Inner = inner, Nature = inner.Nature } : node,
        MemberNode member => Member(member),
        SliceNode slice => Slice(slice),
        CallNode call => Call(call),
        BuiltinNode builtin => Builtin(builtin),
        DeclarationNode declaration => Declaration(declaration),
        SequenceNode sequence => Sequence(sequence),
        ConditionalNode conditional => Conditional(conditional),
        ArrayNode array => Array(array),
        MapNode map => map with { Pairs = [.. map.Pairs.Select(Pair)], Nature = Nature.Map },
        PairNode pair => Pair(pair),
        _ => throw new InvalidOperationException($"no node of a parsed condition: {node.GetType()}"),
    };

    private ImmutableArray<Node> CheckAll(ImmutableArray<Node> nodes) => [.. nodes.Select(Check)];

    private Nature Identifier(IdentifierNode node)
    {
        for (var i = variables.Count - 1; i >= 0; i--)
        {
            if (variables[i].Name == node.Name)
            {
                return variables[i].Nature;
            }
        }

        if (node.Name == ConditionEnvironment.Self)
        {
            return Nature.Unknown;
        }

        return ConditionEnvironment.Find(node.Name, result)
            ?? (IsBuiltin(node.Name) ? UncalledBuiltin : throw Fail(node, $"unknown name {node.Name}"));
    }

    private Nature Pointer(PointerNode node)
    {
        if (loops.Count == 0)
        {
            throw Fail(node, "cannot use pointer accessor outside predicate");
        }

        var loop = loops[^1];
        return node.Name switch
        {
            "" => loop.Collection.IsUnknown ? Nature.Unknown : loop.Collection.ElementNature(),
            "index" when loop.HasIndex => Nature.Int,
            "acc" when loop.HasAccumulator => Nature.Unknown,
            _ => throw Fail(node, $"unknown pointer #{node.Name}"),
        };
    }

    private DeclarationNode Declaration(DeclarationNode node)
    {
        if (ConditionEnvironment.Find(node.Name, result) is not null)
        {
            throw Fail(node, $"cannot redeclare {node.Name}");
        }

        if (IsBuiltin(node.Name))
        {
            throw Fail(node, $"cannot redeclare builtin {node.Name}");
        }

        if (variables.Exists(variable => variable.Name == node.Name))
        {
            throw Fail(node, $"cannot redeclare variable {node.Name}");
        }

        var value = Check(node.Value);
        variables.Add((node.Name, value.Nature));
        var body = Check(node.Body);
        variables.RemoveAt(variables.Count - 1);
        return node with { Value = value, Body = body, Nature = body.Nature };
    }

    private SequenceNode Sequence(SequenceNode node)
    {
        var nodes = CheckAll(node.Nodes);
        return node with { Nodes = nodes, Nature = nodes[^1].Nature };
    }

    private ConditionalNode Conditional(ConditionalNode node)
    {
        var test = Check(node.Test);
        if (!test.Nature.IsBool && !test.Nature.IsUnknown)
        {
            throw Fail(test, $"non-bool expression (type {test.Nature}) used as condition");
        }

        var (then, otherwise) = (Check(node.Then), Check(node.Else));
        return node with { Test = test, Then = then, Else = otherwise, Nature = OfEither(then.Nature, otherwise.Nature) };
    }

    private static Nature OfEither(Nature a, Nature b)
    {
        if (a.IsNil || b.IsNil)
        {
            return a.IsNil ? b : a;
        }

        if (!a.IsAssignableTo(b))
        {
            return Nature.Unknown;
        }

        if (a.IsArray && b.IsArray)
        {
            var (ofA, ofB) = (a.ElementNature(), b.ElementNature());
            return ofA.IsAssignableTo(ofB) && ofB.IsAssignableTo(ofA) ? a : Nature.Array;
        }

        return a;
    }

    private ArrayNode Array(ArrayNode node)
    {
        var elements = CheckAll(node.Elements);
        var isOfOneKind = elements.All(element => element.Nature.Kind == elements[0].Nature.Kind);
        var element = elements.IsEmpty ? Nature.Unknown : elements[^1].Nature;
        return node with { Elements = elements, Nature = isOfOneKind ? Nature.ArrayOf(element) : Nature.Array };
    }

    private PairNode Pair(PairNode node) => node with { Key = Check(node.Key), Value = Check(node.Value) };

    private static bool IsBuiltin(string name) => Builtins.Exists(name) || PredicateFunctions.Find(name) is not null;

    /// <summary>A loop over a collection, while its predicate is checked.</summary>
    private sealed record Loop(Nature Collection, bool HasIndex, bool HasAccumulator);
}
