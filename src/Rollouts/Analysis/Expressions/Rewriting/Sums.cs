using Rollouts.Analysis.Expressions.Syntax;
using Rollouts.Analysis.Expressions.Typing;

namespace Rollouts.Analysis.Expressions.Rewriting;

/// <summary>Adds up without going through a collection where that is known to be the same, overflows included.</summary>
internal static class Sums
{
    /// <summary>The sum of a written range, or of it after one operation on each of its numbers.</summary>
    public static Node OfRanges(Node node)
    {
        if (node is not BuiltinNode
            {
                Name: "sum" or "reduce",
                Arguments: [BinaryNode { Operator: "..", Left: IntegerNode from, Right: IntegerNode to }, .. var others],
            } call
            || to.Value < from.Value)
        {
            return node;
        }

        var count = unchecked(to.Value - from.Value + 1);
        var sum = unchecked(count * (from.Value + to.Value) / 2);
        long? result = call.Name == "sum"
            ? others switch
            {
                [] => sum,
                [PredicateNode predicate] => OfEach(predicate.Body, sum, count),
                _ => null,
            }
            : others switch
            {
                [PredicateNode predicate] when IsSum(predicate.Body) => sum,
                [PredicateNode predicate, IntegerNode start] when IsSum(predicate.Body) => unchecked(start.Value + sum),
                _ => null,
            };
        return result is { } value ? new IntegerNode(node.At, value) { Nature = Nature.Int } : node;
    }

    /// <summary>The sum of a written array; nothing is added to its last element, not even the zero of an empty sum.</summary>
    public static Node OfTerms(Node node) =>
        node is BuiltinNode { Name: "sum", Arguments: [ArrayNode { Elements.Length: >= 2 } array] }
            ? Rewriter.InPlaceOf(node, new SumNode(node.At, array.Elements))
            : node;

    public static Node OfMaps(Node node) =>
        node is BuiltinNode { Name: "sum", Arguments: [BuiltinNode { Name: "map" } map] }
            ? Rewriter.InPlaceOf(node, new BuiltinNode(node.At, "sum", map.Arguments))
            : node;

    private static long? OfEach(Node body, long sum, long count) => unchecked(body switch
    {
        PointerNode { Name: "" } => sum,
        BinaryNode { Operator: "*", Left: PointerNode { Name: "" }, Right: IntegerNode k } => k.Value * sum,
        BinaryNode { Operator: "*", Left: IntegerNode k, Right: PointerNode { Name: "" } } => k.Value * sum,
        BinaryNode { Operator: "+", Left: PointerNode { Name: "" }, Right: IntegerNode k } => sum + (count * k.Value),
        BinaryNode { Operator: "+", Left: IntegerNode k, Right: PointerNode { Name: "" } } => sum + (count * k.Value),
        BinaryNode { Operator: "-", Left: PointerNode { Name: "" }, Right: IntegerNode k } => sum - (count * k.Value),
        BinaryNode { Operator: "-", Left: IntegerNode k, Right: PointerNode { Name: "" } } => (count * k.Value) - sum,
        _ => (long?)null,
    });

    private static bool IsSum(Node body) =>
        body is BinaryNode { Operator: "+", Left: PointerNode { Name: "" or "acc" } a, Right: PointerNode { Name: "" or "acc" } b }
        && a.Name != b.Name;
}
