namespace Rollouts.Manifests.Lint.PromQl;

/// <summary>A part of a query. Parentheses leave no trace.</summary>
/// <param name="At">Where the part begins: the index of a character.</param>
internal abstract record PromQlNode(int At)
{
    /// <summary>The parts directly below.</summary>
    public virtual IReadOnlyList<PromQlNode> Children => [];

    /// <summary>Whether the part is a single number, without labels, for Prometheus.</summary>
    public virtual bool IsScalar => false;

    /// <summary>This part and all below it.</summary>
    public IEnumerable<PromQlNode> All() => Children.SelectMany(c => c.All()).Prepend(this);

    /// <summary>The parts of one kind, this one included.</summary>
    public IEnumerable<T> All<T>()
        where T : PromQlNode => All().OfType<T>();
}

/// <summary>A number.</summary>
/// <param name="At">Where it begins.</param>
/// <param name="Value">Null when it comes from an argument that has no value yet.</param>
internal sealed record NumberNode(int At, double? Value) : PromQlNode(At)
{
    public override bool IsScalar => true;
}

/// <summary>A text, as some functions take it.</summary>
internal sealed record TextNode(int At, string Value) : PromQlNode(At);

/// <summary>Series by name and labels, at a moment or over a window.</summary>
internal sealed record SelectorNode(int At, string Metric, IReadOnlyList<LabelMatcher> Matchers, Window? Window) : PromQlNode(At);

/// <summary>A query over a window: <c>expr[10m:1m]</c>.</summary>
internal sealed record SubqueryNode(int At, PromQlNode Inner, Window Window) : PromQlNode(At)
{
    public override IReadOnlyList<PromQlNode> Children => [Inner];
}

/// <summary>A call of a function.</summary>
internal sealed record CallNode(int At, string Function, IReadOnlyList<PromQlNode> Arguments) : PromQlNode(At)
{
    public override IReadOnlyList<PromQlNode> Children => Arguments;

    public override bool IsScalar => Function is "scalar" or "time" or "pi";
}

/// <summary>An aggregation, such as <c>sum by (le) (…)</c>.</summary>
internal sealed record AggregationNode(int At, string Operator, Grouping? Grouping, IReadOnlyList<PromQlNode> Arguments) : PromQlNode(At)
{
    public override IReadOnlyList<PromQlNode> Children => Arguments;

    /// <summary>Whether series that differ in a label stay apart.</summary>
    public bool Keeps(string label) => Grouping is { } grouping && grouping.Labels.Contains(label) != grouping.IsWithout;
}

/// <summary>An operator between two parts.</summary>
internal sealed record BinaryNode(int At, string Operator, PromQlNode Left, PromQlNode Right) : PromQlNode(At)
{
    public override IReadOnlyList<PromQlNode> Children => [Left, Right];

    public override bool IsScalar => Left.IsScalar && Right.IsScalar;
}

/// <summary>A sign before a part.</summary>
internal sealed record SignedNode(int At, bool IsNegative, PromQlNode Operand) : PromQlNode(At)
{
    public override IReadOnlyList<PromQlNode> Children => [Operand];

    public override bool IsScalar => Operand.IsScalar;
}

/// <summary>What a label must be.</summary>
/// <param name="Label">The label's name.</param>
/// <param name="Operator"><c>=</c>, <c>!=</c>, <c>=~</c> or <c>!~</c>.</param>
/// <param name="Value">The text between the quotes, escapes as written.</param>
/// <param name="IsOpen">True when a part of the value comes from an argument that has none yet.</param>
internal sealed record LabelMatcher(string Label, string Operator, string Value, bool IsOpen)
{
    public override string ToString() => $"{Label}{Operator}\"{Shown.Plain(Value)}\"";
}

/// <summary>A window.</summary>
/// <param name="Length">Null when it comes from an argument that has no value yet.</param>
internal sealed record Window(TimeSpan? Length);

/// <summary><c>by</c> or <c>without</c> labels.</summary>
internal sealed record Grouping(bool IsWithout, IReadOnlyList<string> Labels);
