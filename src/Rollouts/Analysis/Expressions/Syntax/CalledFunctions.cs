using System.Collections.Frozen;
using Rollouts.Analysis.Expressions.Values;

namespace Rollouts.Analysis.Expressions.Syntax;

/// <summary>Finds the functions that a condition calls; methods of values are none.</summary>
internal static class CalledFunctions
{
    public static FrozenSet<string> In(Node condition)
    {
        var names = new HashSet<string>();
        var nodes = new Stack<Node>([condition]);
        while (nodes.TryPop(out var node))
        {
            var name = node switch
            {
                BuiltinNode builtin => builtin.Name,
                CallNode { Callee: IdentifierNode function } => GoText.ToUnicode(function.Name),
                _ => null,
            };
            if (name is not null)
            {
                names.Add(name);
            }

            foreach (var child in node.Children)
            {
                nodes.Push(child);
            }
        }

        return names.ToFrozenSet();
    }
}
