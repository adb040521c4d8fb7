using Rollouts.Analysis.Expressions.Syntax;

namespace Rollouts.Analysis.Expressions.Rewriting;

/// <summary>Counts only as far as a comparison with a written number asks for.</summary>
internal static class Counts
{
    public static Node ToAny(Node node) =>
        node is BinaryNode { Left: BuiltinNode { Name: "count", Arguments.Length: 2 } count, Right: IntegerNode number } binary
        && (binary.Operator, number.Value) is (">", 0) or (">=", 1)
            ? Rewriter.InPlaceOf(node, new BuiltinNode(node.At, "any", count.Arguments))
            : node;

    public static Node ToThresholds(Node node)
    {
        if (node is not BinaryNode
            {
                Operator: ">" or ">=" or "<" or "<=",
                Left: BuiltinNode { Name: "count", Arguments.Length: 2 } count,
                Right: IntegerNode { Value: >= 0 and < long.MaxValue } number,
            } binary)
        {
            return node;
        }

        var threshold = binary.Operator is ">" or "<=" ? number.Value + 1 : number.Value;
        return threshold > 1 ? binary with { Left = count with { Threshold = threshold } } : node;
    }
}
