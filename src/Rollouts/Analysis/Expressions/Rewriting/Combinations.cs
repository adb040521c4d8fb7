using Rollouts.Analysis.Expressions.Syntax;
using Rollouts.Analysis.Expressions.Values;

namespace Rollouts.Analysis.Expressions.Rewriting;

/// <summary>Makes one loop of two over the same collection: all(x, a) and all(x, b) is all(x, a and b).</summary>
internal static class Combinations
{
    public static Node Combine(Node node)
    {
        if (node is not BinaryNode { Left: BuiltinNode left, Right: BuiltinNode right } binary
            || left.Name != right.Name
            || OperatorOf(left.Name, binary.Operator) is not { } symbol
            || (left.Arguments[0].Nature.Type ?? GoType.Any) != (right.Arguments[0].Nature.Type ?? GoType.Any)
            || SyntaxText.Write(left.Arguments[0]) != SyntaxText.Write(right.Arguments[0]))
        {
            return node;
        }

        var both = Both(symbol, (PredicateNode)left.Arguments[1], (PredicateNode)right.Arguments[1]);
        var predicate = both with { Body = Combine(both.Body) };
        return Rewriter.InPlaceOf(node, new BuiltinNode(node.At, left.Name, [left.Arguments[0], predicate]));
    }

    public static PredicateNode Both(string symbol, PredicateNode a, PredicateNode b) =>
        new(a.At, new BinaryNode(a.At, symbol, a.Body, b.Body));

    private static string? OperatorOf(string function, string symbol) => (function, symbol) switch
    {
        ("all", "and" or "&&") or ("any", "or" or "||") => symbol,
        ("none", "and") => "or",
        ("none", "&&") => "||",
        _ => null,
    };
}
