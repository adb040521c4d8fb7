using Rollouts.Analysis.Expressions.Patterns;
using Rollouts.Analysis.Expressions.Syntax;
using Rollouts.Analysis.Expressions.Values;

namespace Rollouts.Analysis.Expressions.Typing;

/// <summary>Operators: what they take, and what they give.</summary>
internal sealed partial class Checker
{
    private UnaryNode Unary(UnaryNode node)
    {
        var operand = Check(node.Operand);
        var nature = operand.Nature;
        Nature? result = node.Operator switch
        {
            "!" or "not" => nature.IsBool || nature.IsUnknown ? Nature.Bool : null,
            _ => nature.IsNumber ? nature : nature.IsUnknown ? Nature.Unknown : null,
        };
        return result is not null
            ? node with { Operand = operand, Nature = result }
            : throw Fail(node, $"invalid operation: {node.Operator} (mismatched type {nature})");
    }

    private BinaryNode Binary(BinaryNode node)
    {
        var (left, right) = (Check(node.Left), Check(node.Right));
        var (a, b) = (left.Nature, right.Nature);
        if (node.Operator == "matches" && right is StringNode pattern)
        {
            try
            {
                GoRegex.Compile(pattern.Value);
            }
            catch (EvaluationFailure e)
            {
                throw Fail(node, e.Message);
            }
        }

        var nature = node.Operator switch
        {
            "==" or "!=" => a.IsComparableTo(b) ? Nature.Bool : null,
            "or" or "||" or "and" or "&&" => Fit(a, b, nature => nature.IsBool) ? Nature.Bool : null,
            "<" or ">" or "<=" or ">=" => AreOrdered(a, b) ? Nature.Bool : null,
            "+" or "-" or "*" => Arithmetic(node.Operator, a, b),
            "/" or "**" or "^" => Fit(a, b, nature => nature.IsNumber) ? Nature.Float : null,
            "%" => Fit(a, b, nature => nature.IsInteger) ? Nature.Int : null,
            "in" => In(node, a, b),
            "matches" => (a.Type == GoType.Bytes && b.IsString) || Fit(a, b, nature => nature.IsString) ? Nature.Bool : null,
            "contains" or "startsWith" or "endsWith" => Fit(a, b, nature => nature.IsString) ? Nature.Bool : null,
            ".." => Fit(a, b, nature => nature.IsInteger) ? Nature.ArrayOf(Nature.Int) : null,
            _ => Coalesced(a, b),
        };
        return nature is not null
            ? node with { Left = left, Right = right, Nature = nature }
            : throw Fail(node, $"invalid operation: {node.Operator} (mismatched types {a} and {b})");
    }

    /// <summary>Both are of a sort, or one of them is and nothing is known of the other, or of either.</summary>
    private static bool Fit(Nature a, Nature b, Func<Nature, bool> isOfSort) =>
        (a.IsUnknown || isOfSort(a)) && (b.IsUnknown || isOfSort(b));

    private static bool AreOrdered(Nature a, Nature b) =>
        Fit(a, b, nature => nature.IsNumber)
        || Fit(a, b, nature => nature.IsString)
        || Fit(a, b, nature => nature.IsTime)
        || Fit(a, b, nature => nature.IsDuration);

    private static Nature? Arithmetic(string operation, Nature a, Nature b)
    {
        if (a.IsUnknown || b.IsUnknown)
        {
            bool IsOperand(Nature nature) =>
                nature.IsUnknown || nature.IsNumber || nature.IsDuration
                || (nature.IsTime && operation != "*")
                || (nature.IsString && operation == "+");
            return IsOperand(a) && IsOperand(b) ? Nature.Unknown : null;
        }

        if (a.IsNumber && b.IsNumber)
        {
            return a.IsFloat || b.IsFloat ? Nature.Float : Nature.Int;
        }

        return operation switch
        {
            "+" when a.IsString && b.IsString => Nature.String,
            "+" when (a.IsTime && b.IsDuration) || (a.IsDuration && b.IsTime) => Nature.Time,
            "-" when a.IsTime && b.IsTime => Nature.Duration,
            "-" when a.IsTime && b.IsDuration => Nature.Time,
            "+" or "-" when a.IsDuration && b.IsDuration => Nature.Duration,
            "*" when (a.IsNumber || a.IsDuration) && (b.IsNumber || b.IsDuration) => Nature.Duration,
            _ => null,
        };
    }

    private static Nature? In(BinaryNode node, Nature item, Nature collection)
    {
        if (collection.IsTime || collection.Type == GoType.Location)
        {
            return item.IsString || item.IsUnknown ? Nature.Bool : null;
        }

        if (collection.IsMap)
        {
            var key = Nature.Of(collection.Type!.Key!);
            return item.IsUnknown || item.IsAssignableTo(key)
                ? Nature.Bool
                : throw Fail(node, $"cannot use {item} as type {key} in map key");
        }

        if (collection.IsArray)
        {
            var element = collection.ElementNature();
            return item.IsComparableTo(element)
                ? Nature.Bool
                : throw Fail(node, $"cannot use {item} as type {element} in array");
        }

        return collection.IsUnknown || (item.IsUnknown && collection.IsString) ? Nature.Bool : null;
    }

    private static Nature Coalesced(Nature a, Nature b)
    {
        if (a.IsNil || b.IsNil)
        {
            return a.IsNil ? b : a;
        }

        return b.IsAssignableTo(a) ? a : Nature.Unknown;
    }
}
