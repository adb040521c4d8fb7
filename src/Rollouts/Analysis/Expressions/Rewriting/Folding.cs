using Rollouts.Analysis.Expressions.Syntax;
using Rollouts.Analysis.Expressions.Typing;
using Rollouts.Analysis.Expressions.Values;

namespace Rollouts.Analysis.Expressions.Rewriting;

/// <summary>Computes what is known without a result.</summary>
internal static class Folding
{
    public static Node Fold(Node node) => node switch
    {
        UnaryNode unary => Unary(unary),
        BinaryNode { Operator: "and" or "&&" or "or" or "||" } binary => Logic(binary),
        BinaryNode binary => Binary(binary),
        ArrayNode { Elements.IsEmpty: false } array => Array(array),
        BuiltinNode { Name: "filter", Arguments: [BuiltinNode { Name: "filter" } inner, PredicateNode predicate] } outer =>
            Rewriter.InPlaceOf(outer, new BuiltinNode(
                outer.At,
                "filter",
                [inner.Arguments[0], Combinations.Both("&&", (PredicateNode)inner.Arguments[1], predicate)])),
        _ => node,
    };

    private static Node Unary(UnaryNode node) => (node.Operator, node.Operand) switch
    {
        ("-", IntegerNode integer) => Integer(node, unchecked(-integer.Value)),
        ("-", FloatNode number) => Float(node, -number.Value),
        ("+", IntegerNode integer) => Integer(node, integer.Value),
        ("+", FloatNode number) => Float(node, number.Value),
        ("!" or "not", BoolNode boolean) => Bool(node, !boolean.Value),
        _ => node,
    };

    private static Node Logic(BinaryNode node)
    {
        var isAnd = node.Operator is "and" or "&&";
        if (node.Left is BoolNode left && left.Value == isAnd)
        {
            return Rewriter.InPlaceOf(node, node.Right);
        }

        if (node.Right is BoolNode right && right.Value == isAnd)
        {
            return Rewriter.InPlaceOf(node, node.Left);
        }

        return node.Left is BoolNode || node.Right is BoolNode ? Bool(node, !isAnd) : node;
    }

    private static Node Binary(BinaryNode node)
    {
        switch (node.Left, node.Right)
        {
            case (IntegerNode a, IntegerNode b):
                return Integers(node, a.Value, b.Value);
            case (IntegerNode or FloatNode, IntegerNode or FloatNode):
                return Floats(node, Number(node.Left), Number(node.Right));
            case (StringNode a, StringNode b) when node.Operator == "+":
                return new StringNode(node.At, a.Value + b.Value) { Nature = Nature.String };
            case (StringNode a, StringNode b) when node.Operator == "==":
                return Bool(node, a.Value == b.Value);
            case (BoolNode a, BoolNode b) when node.Operator == "==":
                return Bool(node, a.Value == b.Value);
            default:
                return node;
        }
    }

    private static Node Integers(BinaryNode node, long a, long b) => node.Operator switch
    {
        "+" => Integer(node, unchecked(a + b)),
        "-" => Integer(node, unchecked(a - b)),
        "*" => Integer(node, unchecked(a * b)),
        "%" => b == 0
            ? throw new CheckFailure(node.At, "integer divide by zero")
            : Integer(node, (long)Arithmetic.Modulo(a, b)!),
        "==" => Bool(node, a == b),
        _ => Floats(node, a, b, true),
    };

    private static Node Floats(BinaryNode node, double a, double b, bool areWhole = false) => node.Operator switch
    {
        "+" when !areWhole => Float(node, a + b),
        "-" when !areWhole => Float(node, a - b),
        "*" when !areWhole => Float(node, a * b),
        "/" => Float(node, a / b),
        "**" or "^" => Float(node, Arithmetic.Power(a, b)),
        _ => node,
    };

    private static Node Array(ArrayNode node)
    {
        var values = new object?[node.Elements.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = node.Elements[i] switch
            {
                IntegerNode integer => integer.Value,
                FloatNode number => number.Value,
                StringNode text => text.Value,
                BoolNode boolean => GoValues.Box(boolean.Value),
                _ => null,
            };
            if (values[i] is null)
            {
                return node;
            }
        }

        return new ConstantNode(node.At, GoSlice.Of(values)) { Nature = Nature.Array };
    }

    private static double Number(Node node) => node is IntegerNode integer ? integer.Value : ((FloatNode)node).Value;

    private static IntegerNode Integer(Node node, long value) => new(node.At, value) { Nature = Nature.Int };

    private static FloatNode Float(Node node, double value) => new(node.At, value) { Nature = Nature.Float };

    private static BoolNode Bool(Node node, bool value) => new(node.At, value) { Nature = Nature.Bool };
}
