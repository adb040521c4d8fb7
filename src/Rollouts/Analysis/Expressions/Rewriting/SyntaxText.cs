using System.Runtime.CompilerServices;
using Rollouts.Analysis.Expressions.Syntax;
using Rollouts.Analysis.Expressions.Values;

namespace Rollouts.Analysis.Expressions.Rewriting;

/// <summary>Writes a node in a form that is equal for nodes that mean the same, wherever they stand.</summary>
internal static class SyntaxText
{
    public static string Write(Node node)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var name = node switch
        {
            BoolNode boolean => boolean.Value.ToString(),
            IntegerNode integer => GoFormat.Text(integer.Value),
            FloatNode number => GoFormat.Text(number.Value),
            StringNode text => Quote(text.Value),
            BytesNode bytes => "b" + Quote(bytes.Value),
            ConstantNode constant => Constant(constant.Value),
            IdentifierNode identifier => identifier.Name,
            PointerNode pointer => "#" + pointer.Name,
            UnaryNode unary => unary.Operator,
            BinaryNode binary => binary.Operator,
            MemberNode { IsOptional: true } => "?.",
            SliceNode slice => $"[{slice.From is not null}:{slice.To is not null}]",
            BuiltinNode { Selector: { } selector } builtin => $"{builtin.Name} with {Write(selector)}",
            BuiltinNode builtin => builtin.Name,
            BetweenNode between => $"{between.Least}..{between.Most}",
            DeclarationNode declaration => "let " + declaration.Name,
            _ => node.GetType().Name,
        };
        return $"{name}({string.Join(", ", node.Children.Select(Write))})";
    }

    private static string Constant(object value) => value is GoSlice slice
        ? $"[{string.Join(", ", slice.Items.Select(item => item is string text ? Quote(text) : GoFormat.Text(item)))}]"
        : GoFormat.Text(value);

    private static string Quote(string text) => $"\"{text.Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
