using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Rollouts.Analysis.Expressions.Syntax;
using Rollouts.Analysis.Expressions.Typing;
using Rollouts.Analysis.Expressions.Values;

namespace Rollouts.Analysis.Expressions.Evaluation;

/// <summary>A part of a condition, ready to be evaluated.</summary>
internal delegate object? Step(Run run);

/// <summary>
/// Makes functions of a checked condition, one of each node, which call one another. What is known of the types is used up here,
/// as expr-lang uses it up when it compiles: it decides, for instance, that two values that are known to be int are compared as
/// such and that nil in place of one is an error.
/// </summary>
internal sealed partial class Compiler
{
    /// <summary>What a chain gives whose optional member was asked of nil, up to the end of the chain.</summary>
    private static readonly object EndOfChain = new();

    private readonly List<(string Name, int Slot)> variables = [];
    private int slots;

    /// <summary>Compiles a condition.</summary>
    /// <returns>The condition, and the number of variables that it declares.</returns>
    public static (Step Condition, int Variables) Compile(Node condition)
    {
        var compiler = new Compiler();
        var step = compiler.Compile(condition, null);
        return (step, compiler.slots);
    }

    private Step Compile(Node node, Node? parent)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return CompileAny(node, parent);
    }

    private Step CompileAny(Node node, Node? parent) => node switch
    {
        NilNode => _ => null,
        BoolNode boolean => Constant(GoValues.Box(boolean.Value)),
        IntegerNode integer => Constant(integer.Value),
        FloatNode number => Constant(number.Value),
        StringNode text => Constant(text.Value),
        BytesNode bytes => Constant(GoSlice.OfBytes(bytes.Value)),
        ConstantNode constant => Constant(constant.Value),
        FailureNode failure => run =>
        {
            run.At = failure.At;
            throw new EvaluationFailure(failure.Message);
        }
        ,
        IdentifierNode identifier => Identifier(identifier),
        PointerNode pointer => Pointer(pointer),
        UnaryNode unary => Unary(unary),
        BinaryNode binary => Binary(binary),
        BetweenNode between => Between(between),
        ChainNode chain => Chain(chain, parent is BinaryNode { Operator: Operators.Coalesce }),
        MemberNode member => Member(member),
        SliceNode slice => Slice(slice),
        CallNode call => Call(call),
        BuiltinNode builtin => Builtin(builtin),
        SumNode sum => Sum(sum),
        DeclarationNode declaration => Declaration(declaration),
        SequenceNode sequence => Sequence(sequence),
        ConditionalNode conditional => Conditional(conditional),
        ArrayNode array => Array(array),
        MapNode map => Map(map),
        _ => throw new InvalidOperationException($"no node of a checked condition: {node.GetType()}"),
    };

    private Step[] CompileAll(ImmutableArray<Node> nodes, Node parent) =>
        [.. nodes.Select(node => Compile(node, parent))];

    private static Step Constant(object? value) => _ => value;

    private Step Identifier(IdentifierNode node)
    {
        var variable = variables.FindLastIndex(declared => declared.Name == node.Name);
        if (variable >= 0)
        {
            var slot = variables[variable].Slot;
            return run => run.Variables[slot];
        }

        return node.Name switch
        {
            ConditionEnvironment.Self => run => run.Environment,
            ConditionEnvironment.Result => run => run.Result,
            var name => run => EnvironmentFunctions.Find(name, run.Result),
        };
    }

    private static Step Pointer(PointerNode node)
    {
        var at = node.At;
        return node.Name switch
        {
            "index" => run => GoValues.Box((long)run.Loop!.Index),
            "acc" => run => run.Loop!.Accumulator,
            _ => run =>
            {
                run.At = at;
                return run.Loop!.Current;
            }
            ,
        };
    }

    private Step Declaration(DeclarationNode node)
    {
        var value = Compile(node.Value, node);
        var slot = slots++;
        variables.Add((node.Name, slot));
        var body = Compile(node.Body, node);
        variables.RemoveAt(variables.Count - 1);
        return run =>
        {
            run.Variables[slot] = value(run);
            return body(run);
        };
    }

    private Step Sequence(SequenceNode node)
    {
        var steps = CompileAll(node.Nodes, node);
        return run =>
        {
            object? last = null;
            foreach (var step in steps)
            {
                last = step(run);
            }

            return last;
        };
    }

    private Step Conditional(ConditionalNode node)
    {
        var (test, then, otherwise, at) =
            (Compile(node.Test, node), Compile(node.Then, node), Compile(node.Else, node), node.At);
        return run =>
        {
            var holds = test(run);
            run.At = at;
            return GoValues.ToBool(holds) ? then(run) : otherwise(run);
        };
    }

    private Step Array(ArrayNode node)
    {
        var (elements, at) = (CompileAll(node.Elements, node), node.At);
        return run =>
        {
            var items = EvaluateAll(elements, run);
            run.At = at;
            run.Grow(items.Length);
            return GoSlice.Of(items);
        };
    }

    private Step Map(MapNode node)
    {
        var keysAndValues = CompileAll([.. node.Pairs.SelectMany(pair => pair.Children)], node);
        var at = node.At;
        return run =>
        {
            var items = EvaluateAll(keysAndValues, run);
            run.At = at;
            run.Grow(items.Length / 2);

            // Of two equal keys the first one counts.
            var map = new GoMap(GoType.StringMap);
            for (var i = 0; i < items.Length; i += 2)
            {
                var key = GoValues.ToText(items[i]);
                run.Weigh(key);
                if (!map.TryGet(key, out _))
                {
                    map.Set(key, items[i + 1]);
                }
            }

            return map;
        };
    }

    private Step Sum(SumNode node)
    {
        var (terms, at) = (CompileAll(node.Terms, node), node.At);
        return run =>
        {
            var values = EvaluateAll(terms, run);
            run.At = at;
            var sum = values[^1];
            for (var i = values.Length - 2; i >= 0; i--)
            {
                sum = Arithmetic.Add(values[i], sum, run);
            }

            return sum;
        };
    }

    private static object?[] EvaluateAll(Step[] steps, Run run)
    {
        var (values, leftovers) = (new object?[steps.Length], run.Leftovers);
        if (values.Length == 1)
        {
            values[0] = steps[0](run);
            return values;
        }

        Span<int> counts = values.Length <= 16 ? stackalloc int[values.Length] : new int[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = steps[i](run);
            counts[i] = leftovers.Count;
        }

        leftovers.Displace(values, counts);
        return values;
    }
}
