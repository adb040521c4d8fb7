using Rollouts.Manifests.Lint.PromQl;

namespace Rollouts.Manifests.Lint;

/// <summary>What several rules ask of a query.</summary>
internal static class QueryShapes
{
    private static readonly HashSet<string> Rates = ["rate", "irate", "increase", "delta", "idelta", "deriv", "resets", "changes"];

    public static bool IsRate(this CallNode call) => Rates.Contains(call.Function);

    public static bool IsQuantile(this PromQlNode node) => node is CallNode { Function: "histogram_quantile", Arguments.Count: 2 };

    /// <summary>What an operator stands between.</summary>
    public static IEnumerable<BinaryNode> Binaries(this PromQlNode query, string symbol) => query.All<BinaryNode>().Where(b => b.Operator == symbol);

    /// <summary>The longest window that the query looks back over, with what is looked at; null when there is none that is known.</summary>
    public static TimeSpan? LongestWindow(this PromQlNode query) =>
        query.All().Select(n => n switch
        {
            SelectorNode selector => selector.Window?.Length,
            SubqueryNode subquery => subquery.Window.Length + (subquery.Inner.LongestWindow() ?? TimeSpan.Zero),
            _ => null,
        }).Max();

    /// <summary>
    /// What the value is made of: without guards (<c>or</c>, <c>and</c>, <c>unless</c>, comparisons) around it, and by which constant it is multiplied.
    /// </summary>
    public static (PromQlNode Core, double Scale) Core(this PromQlNode query)
    {
        double scale = 1;
        while (true)
        {
            switch (query)
            {
                case BinaryNode { Operator: "or" or "and" or "unless" or "<" or "<=" or ">" or ">=" or "==" or "!=" } guarded:
                    query = guarded.Left;
                    break;
                case BinaryNode { Operator: "*", Right: NumberNode { Value: { } factor } } times:
                    (query, scale) = (times.Left, scale * factor);
                    break;
                case BinaryNode { Operator: "*", Left: NumberNode { Value: { } factor } } times:
                    (query, scale) = (times.Right, scale * factor);
                    break;
                case BinaryNode { Operator: "/", Right: NumberNode { Value: { } divisor } } part:
                    (query, scale) = (part.Left, scale / divisor);
                    break;
                case CallNode { Function: "scalar" or "clamp_min" or "clamp_max" or "abs", Arguments: [var inner, ..] }:
                    query = inner;
                    break;
                case AggregationNode { Operator: "max" or "min" or "avg", Arguments: [var inner] }:
                    query = inner;
                    break;
                default:
                    return (query, scale);
            }
        }
    }

    /// <summary>
    /// What the upper part of a division picks from the series of the lower part; empty when it is not a share of the same series.
    /// </summary>
    public static IReadOnlyList<LabelMatcher> Picked(this BinaryNode division)
    {
        SelectorNode[] whole = [.. division.Right.All<SelectorNode>()];
        foreach (SelectorNode part in division.Left.All<SelectorNode>().Where(s => s.Metric.Length > 0))
        {
            foreach (SelectorNode other in whole.Where(w => w.Metric == part.Metric))
            {
                if (other.Matchers.All(part.Matchers.Contains) && part.Matchers.Except(other.Matchers).ToArray() is { Length: > 0 } picked)
                    return picked;
            }
        }

        return [];
    }
}
