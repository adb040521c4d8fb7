using Rollouts.Analysis.Expressions.Syntax;

namespace Rollouts.Analysis.Expressions.Rewriting;

/// <summary>Goes through a filtered collection only as far as its use asks for.</summary>
internal static class Filters
{
    /// <summary>What is mapped after a filter is mapped by it, element by element.</summary>
    public static Node WithSelectors(Node node) =>
        node is BuiltinNode
        {
            Name: "map",
            Arguments: [BuiltinNode { Name: "filter", Selector: null } filter, PredicateNode selector],
        }
        && !UsesIndex(selector)
            ? Rewriter.InPlaceOf(node, new BuiltinNode(node.At, "filter", filter.Arguments) { Selector = selector.Body })
            : node;

    public static Node Counted(Node node) =>
        node is BuiltinNode { Name: "len", Arguments: [BuiltinNode { Name: "filter" } filter] }
            ? Rewriter.InPlaceOf(node, new BuiltinNode(node.At, "count", filter.Arguments))
            : node;

    public static Node FromTheEnd(Node node) => Ended(node, "findLast", "last", -1);

    public static Node FromTheStart(Node node) => Ended(node, "find", "first", 0);

    private static Node Ended(Node node, string find, string function, long index) => node switch
    {
        MemberNode
        {
            IsOptional: false,
            Property: IntegerNode at,
            Target: BuiltinNode { Name: "filter" } filter,
        }
        when at.Value == index => Found(node, find, filter, true),
        BuiltinNode { Arguments: [BuiltinNode { Name: "filter" } filter] } call
            when call.Name == function => Found(node, find, filter, false),
        _ => node,
    };

    private static Node Found(Node node, string find, BuiltinNode filter, bool throws) => Rewriter.InPlaceOf(
        node, new BuiltinNode(node.At, find, filter.Arguments) { Throws = throws, Selector = filter.Selector });

    private static bool UsesIndex(Node node) =>
        node is PointerNode { Name: "index" } || node.Children.Any(UsesIndex);
}
