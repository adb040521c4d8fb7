using System.Collections.Frozen;
using System.Runtime.CompilerServices;

namespace Rollouts.Analysis.Expressions.Syntax;

/// <summary>Finds the functions that a condition calls; methods of values are none.</summary>
internal static class CalledFunctions
{
    public static FrozenSet<string> In(Node condition)
    {
        var names = new HashSet<string>();
        Collect(condition, names);
        return names.ToFrozenSet();
    }

    private static void Collect(Node node, HashSet<string> names)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        switch (node)
        {
            case BuiltinNode builtin:
                names.Add(builtin.Name);
                break;
            case CallNode { Callee: IdentifierNode function }:
                names.Add(function.Name);
                break;
        }

        foreach (var child in node.Children)
        {
            Collect(child, names);
        }
    }
}
