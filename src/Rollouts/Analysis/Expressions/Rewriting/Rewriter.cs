using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Rollouts.Analysis.Expressions.Syntax;
using Rollouts.Analysis.Expressions.Typing;
using Rollouts.Analysis.Expressions.Values;

namespace Rollouts.Analysis.Expressions.Rewriting;

/// <summary>
/// Rewrites a checked condition as expr-lang does before it runs one. That is no matter of speed here: what is folded away can
/// fail no more (<c>result[0] &gt; 1 &amp;&amp; false</c> is false for an empty result), and what is put together fails
/// elsewhere, so conditions only end as they do in Argo Rollouts when they are rewritten as there.
/// </summary>
internal static class Rewriter
{
    private const int MostFoldings = 1000;

    public static Node Rewrite(Node condition)
    {
        condition = Walk(condition, Memberships.OfArrays);
        for (var i = 0; i <= MostFoldings; i++)
        {
            var folded = Walk(condition, Folding.Fold);
            if (ReferenceEquals(folded, condition))
            {
                break;
            }

            condition = folded;
        }

        foreach (var rule in (ReadOnlySpan<Func<Node, Node>>)
            [
                Memberships.OfRanges,
                Filters.WithSelectors,
                Filters.Counted,
                Filters.FromTheEnd,
                Filters.FromTheStart,
                Combinations.Combine,
                Sums.OfRanges,
                Sums.OfTerms,
                Sums.OfMaps,
                Counts.ToAny,
                Counts.ToThresholds,
            ])
        {
            condition = Walk(condition, rule);
        }

        return condition;
    }

    /// <summary>Gives a node the type of the one whose place it takes.</summary>
    public static Node InPlaceOf(Node old, Node replacement) =>
        replacement with { At = old.At, Nature = Nature.Of(old.Nature.Type ?? GoType.Any) };

    private static Node Walk(Node node, Func<Node, Node> rule)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var children = node.Children;
        ImmutableArray<Node>.Builder? rewritten = null;
        for (var i = 0; i < children.Length; i++)
        {
            var child = Walk(children[i], rule);
            if (!ReferenceEquals(child, children[i]))
            {
                rewritten ??= children.ToBuilder();
                rewritten[i] = child;
            }
        }

        return rule(rewritten is null ? node : node.WithChildren(rewritten.MoveToImmutable()));
    }
}
