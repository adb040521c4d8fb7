using Rollouts.Analysis.Expressions.Syntax;
using Rollouts.Analysis.Expressions.Typing;
using Rollouts.Analysis.Expressions.Values;

namespace Rollouts.Analysis.Expressions.Rewriting;

/// <summary>Makes look-ups of the operator <c>in</c> where its right side is written out.</summary>
internal static class Memberships
{
    /// <summary>A written array of texts, or of whole numbers if one is looked for, becomes a set.</summary>
    public static Node OfArrays(Node node)
    {
        if (node is not BinaryNode { Operator: "in", Right: ArrayNode { Elements.IsEmpty: false } array } membership)
        {
            return node;
        }

        if (membership.Left.Nature.Kind == GoKind.Int && array.Elements.All(element => element is IntegerNode))
        {
            return WithSet(membership, GoType.IntSet, array.Elements.Select(element => (object)((IntegerNode)element).Value));
        }

        return array.Elements.All(element => element is StringNode)
            ? WithSet(membership, GoType.StringSet, array.Elements.Select(element => (object)((StringNode)element).Value))
            : node;
    }

    /// <summary>A whole number that is looked for in a written range becomes a pair of comparisons.</summary>
    public static Node OfRanges(Node node) =>
        node is BinaryNode
        {
            Operator: "in",
            Left.Nature.Kind: GoKind.Int,
            Right: BinaryNode { Operator: "..", Left: IntegerNode least, Right: IntegerNode most },
        } membership
            ? Rewriter.InPlaceOf(node, new BetweenNode(node.At, membership.Left, least.Value, most.Value))
            : node;

    private static Node WithSet(BinaryNode membership, GoType type, IEnumerable<object> items)
    {
        var set = new GoMap(type);
        foreach (var item in items)
        {
            set.Set(item, null);
        }

        var constant = new ConstantNode(membership.Right.At, set) { Nature = Nature.Of(type) };
        return Rewriter.InPlaceOf(membership, membership with { Right = constant });
    }
}
