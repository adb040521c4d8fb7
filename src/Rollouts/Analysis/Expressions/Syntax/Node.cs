using System.Collections.Immutable;
using Rollouts.Analysis.Expressions.Typing;

namespace Rollouts.Analysis.Expressions.Syntax;

/// <summary>
/// A node of a parsed condition. Nodes never change: checking and rewriting make new ones.
/// </summary>
/// <param name="At">Where the node stands in the source: the index of a character.</param>
internal abstract record Node(int At)
{
    /// <summary>What the type check found; unknown before it.</summary>
    public Nature Nature { get; init; } = Nature.Unknown;

    /// <summary>The nodes directly below, in the order in which they are checked and rewritten.</summary>
    public virtual ImmutableArray<Node> Children => [];

    /// <summary>The node with other children, as many as it has.</summary>
    public virtual Node WithChildren(ImmutableArray<Node> children) => this;
}

internal sealed record NilNode(int At) : Node(At);

internal sealed record BoolNode(int At, bool Value) : Node(At);

internal sealed record IntegerNode(int At, long Value) : Node(At);

internal sealed record FloatNode(int At, double Value) : Node(At);

/// <summary>A text, or the name of a member; in bytes, as all text of an evaluation.</summary>
internal sealed record StringNode(int At, string Value) : Node(At);

internal sealed record BytesNode(int At, string Value) : Node(At);

/// <summary>A value that rewriting has computed; no condition is parsed to one.</summary>
internal sealed record ConstantNode(int At, object Value) : Node(At);

internal sealed record IdentifierNode(int At, string Name) : Node(At);

/// <summary>The current element of a predicate, or what a name gives of its loop (<c>#index</c>, <c>#acc</c>).</summary>
internal sealed record PointerNode(int At, string Name) : Node(At);

internal sealed record UnaryNode(int At, string Operator, Node Operand) : Node(At)
{
    public override ImmutableArray<Node> Children => [Operand];

    public override Node WithChildren(ImmutableArray<Node> children) => this with { Operand = children[0] };
}

internal sealed record BinaryNode(int At, string Operator, Node Left, Node Right) : Node(At)
{
    public override ImmutableArray<Node> Children => [Left, Right];

    public override Node WithChildren(ImmutableArray<Node> children) =>
        this with { Left = children[0], Right = children[1] };
}

/// <summary>A chain of members that ends as nil where an optional one of them (<c>?.</c>) is asked of nil.</summary>
internal sealed record ChainNode(int At, Node Inner) : Node(At)
{
    public override ImmutableArray<Node> Children => [Inner];

    public override Node WithChildren(ImmutableArray<Node> children) => this with { Inner = children[0] };
}

internal sealed record MemberNode(int At, Node Target, Node Property, bool IsOptional) : Node(At)
{
    /// <summary>The member is called at once.</summary>
    public bool IsCalled { get; init; }

    public override ImmutableArray<Node> Children => [Target, Property];

    public override Node WithChildren(ImmutableArray<Node> children) =>
        this with { Target = children[0], Property = children[1] };
}

internal sealed record SliceNode(int At, Node Target, Node? From, Node? To) : Node(At)
{
    public override ImmutableArray<Node> Children => [Target, .. Present(From), .. Present(To)];

    public override Node WithChildren(ImmutableArray<Node> children) => this with
    {
        Target = children[0],
        From = From is null ? null : children[1],
        To = To is null ? null : children[^1],
    };

    private static ImmutableArray<Node> Present(Node? node) => node is null ? [] : [node];
}

internal sealed record CallNode(int At, Node Callee, ImmutableArray<Node> Arguments) : Node(At)
{
    public override ImmutableArray<Node> Children => [Callee, .. Arguments];

    public override Node WithChildren(ImmutableArray<Node> children) =>
        this with { Callee = children[0], Arguments = children[1..] };
}

/// <summary>A call of one of the language's own functions.</summary>
internal sealed record BuiltinNode(int At, string Name, ImmutableArray<Node> Arguments) : Node(At)
{
    /// <summary>Rewriting only: a find that fails when it finds nothing, as an index into nothing does.</summary>
    public bool Throws { get; init; }

    /// <summary>Rewriting only: what a filter or a find gives of an element in place of the element.</summary>
    public Node? Selector { get; init; }

    /// <summary>Rewriting only: the count at which counting may stop.</summary>
    public long? Threshold { get; init; }

    // A selector belongs to a pass that is over when it is set; no later one looks into it.
    public override ImmutableArray<Node> Children => Arguments;

    public override Node WithChildren(ImmutableArray<Node> children) => this with { Arguments = children };
}

/// <summary>Rewriting only: the sum of values that are known one by one, added up from the last to the first.</summary>
internal sealed record SumNode(int At, ImmutableArray<Node> Terms) : Node(At)
{
    public override ImmutableArray<Node> Children => Terms;

    public override Node WithChildren(ImmutableArray<Node> children) => this with { Terms = children };
}

internal sealed record PredicateNode(int At, Node Body) : Node(At)
{
    public override ImmutableArray<Node> Children => [Body];

    public override Node WithChildren(ImmutableArray<Node> children) => this with { Body = children[0] };
}

internal sealed record DeclarationNode(int At, string Name, Node Value, Node Body) : Node(At)
{
    public override ImmutableArray<Node> Children => [Value, Body];

    public override Node WithChildren(ImmutableArray<Node> children) =>
        this with { Value = children[0], Body = children[1] };
}

internal sealed record SequenceNode(int At, ImmutableArray<Node> Nodes) : Node(At)
{
    public override ImmutableArray<Node> Children => Nodes;

    public override Node WithChildren(ImmutableArray<Node> children) => this with { Nodes = children };
}

internal sealed record ConditionalNode(int At, Node Test, Node Then, Node Else) : Node(At)
{
    public override ImmutableArray<Node> Children => [Test, Then, Else];

    public override Node WithChildren(ImmutableArray<Node> children) =>
        this with { Test = children[0], Then = children[1], Else = children[2] };
}

internal sealed record ArrayNode(int At, ImmutableArray<Node> Elements) : Node(At)
{
    public override ImmutableArray<Node> Children => Elements;

    public override Node WithChildren(ImmutableArray<Node> children) => this with { Elements = children };
}

internal sealed record MapNode(int At, ImmutableArray<PairNode> Pairs) : Node(At)
{
    public override ImmutableArray<Node> Children => [.. Pairs];

    public override Node WithChildren(ImmutableArray<Node> children) =>
        this with { Pairs = [.. children.Cast<PairNode>()] };
}

internal sealed record PairNode(int At, Node Key, Node Value) : Node(At)
{
    public override ImmutableArray<Node> Children => [Key, Value];

    public override Node WithChildren(ImmutableArray<Node> children) => this with { Key = children[0], Value = children[1] };
}

/// <summary>Rewriting only: a whole number that must lie between two others.</summary>
internal sealed record BetweenNode(int At, Node Operand, long Least, long Most) : Node(At)
{
    public override ImmutableArray<Node> Children => [Operand];

    public override Node WithChildren(ImmutableArray<Node> children) => this with { Operand = children[0] };
}

/// <summary>Checking only: what fails when it is evaluated.</summary>
internal sealed record FailureNode(int At, string Message) : Node(At);
