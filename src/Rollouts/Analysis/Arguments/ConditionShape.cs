using System.Text;
using Rollouts.Analysis.Expressions;
using Rollouts.Analysis.Expressions.Syntax;

namespace Rollouts.Analysis.Arguments;

/// <summary>
/// The shape of a parsed condition: everything but its texts, numbers, true and false. The rules on tokens should keep it as it is; the parser that
/// the condition is evaluated by has the last word.
/// </summary>
internal static class ConditionShape
{
    /// <summary>What is wrong with a filled condition; null when nothing is, or when it is wrong with any value, which is reported elsewhere.</summary>
    /// <param name="neutral">The condition with neutral values.</param>
    /// <param name="filled">The condition with the real ones.</param>
    public static string? FindChange(string neutral, string filled)
    {
        if (!ConditionParser.TryParse(neutral, out Node? expected, out _))
        {
            return null;
        }

        if (!ConditionParser.TryParse(filled, out Node? found, out ConditionProblem? problem))
        {
            return $"the condition can't be read with it: {problem.Message}";
        }

        return Describe(expected) == Describe(found) ? null : TokenShape.Changed;
    }

    internal static string Describe(Node condition)
    {
        var text = new StringBuilder();
        Append(text, condition);
        return text.ToString();
    }

    private static void Append(StringBuilder text, Node node)
    {
        if (IsLiteral(node))
        {
            text.Append("literal");
            return;
        }

        // Names and operators are the shape, which a record shows once its children are taken away.
        text.Append(node switch
        {
            IdentifierNode n => n.Name,
            PointerNode n => $"#{n.Name}",
            UnaryNode n => n.Operator,
            BinaryNode n => n.Operator,
            BuiltinNode n => n.Name,
            DeclarationNode n => $"let {n.Name}",
            MemberNode n => $"member{(n.IsOptional ? "?" : "")}{(n.IsCalled ? "()" : "")}",
            SliceNode n => $"slice{(n.From is null ? "" : "<")}{(n.To is null ? "" : ">")}",
            _ => node.GetType().Name,
        });
        text.Append('(');
        foreach (Node child in node.Children)
        {
            Append(text, child);
            text.Append(',');
        }

        text.Append(')');
    }

    // A sign makes no other kind of operand of a number.
    private static bool IsLiteral(Node node) => node switch
    {
        BoolNode or IntegerNode or FloatNode or StringNode or BytesNode => true,
        UnaryNode { Operator: "-" or "+" } signed => IsLiteral(signed.Operand),
        _ => false,
    };
}
