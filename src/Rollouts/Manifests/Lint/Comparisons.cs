using Rollouts.Analysis.Expressions;
using Rollouts.Analysis.Expressions.Syntax;

namespace Rollouts.Manifests.Lint;

/// <summary>A part of a condition that compares the result with a number: <c>result[0] &lt;= 0.01</c>.</summary>
/// <param name="Operator">As if the result stood on the left: &lt;, &lt;=, &gt; or &gt;=.</param>
/// <param name="Number">What it is compared with.</param>
internal sealed record Comparison(string Operator, double Number)
{
    public bool IsUpperBound => Operator is "<" or "<=";

    public override string ToString() => FormattableString.Invariant($"{Operator} {Number}");
}

/// <summary>Finds the comparisons of a condition. What is not simply the result, or its first value, is left out.</summary>
internal static class Comparisons
{
    public static IEnumerable<Comparison> In(Condition condition)
    {
        var nodes = new Stack<Node>([condition.Syntax]);
        while (nodes.TryPop(out Node? node))
        {
            if (node is BinaryNode { Operator: "<" or "<=" or ">" or ">=" } binary)
            {
                if (IsResult(binary.Left) && NumberOf(binary.Right) is { } right)
                    yield return new Comparison(binary.Operator, right);
                else if (IsResult(binary.Right) && NumberOf(binary.Left) is { } left)
                    yield return new Comparison(Turned(binary.Operator), left);
            }

            foreach (Node child in node.Children)
                nodes.Push(child);
        }
    }

    private static bool IsResult(Node node) => node switch
    {
        IdentifierNode { Name: "result" } => true,
        MemberNode { Target: IdentifierNode { Name: "result" }, Property: IntegerNode } => true,
        ChainNode chain => IsResult(chain.Inner),
        CallNode { Callee: IdentifierNode { Name: "asFloat" }, Arguments: [var argument] } => IsResult(argument),
        BuiltinNode { Name: "float" or "first" or "max" or "min", Arguments: [var argument] } => IsResult(argument),
        _ => false,
    };

    private static double? NumberOf(Node node) => node switch
    {
        IntegerNode integer => integer.Value,
        FloatNode number => number.Value,
        UnaryNode { Operator: "-", Operand: var operand } => -NumberOf(operand),
        _ => null,
    };

    private static string Turned(string symbol) => symbol switch
    {
        "<" => ">",
        "<=" => ">=",
        ">" => "<",
        _ => "<=",
    };
}
