using Rollouts.Analysis.Expressions.Patterns;
using Rollouts.Analysis.Expressions.Syntax;
using Rollouts.Analysis.Expressions.Values;

namespace Rollouts.Analysis.Expressions.Evaluation;

internal sealed partial class Compiler
{
    private Step Unary(UnaryNode node)
    {
        var (operand, at) = (Compile(node.Operand, node), node.At);
        return node.Operator switch
        {
            "+" => operand,
            "-" => run =>
            {
                var value = operand(run);
                run.At = at;
                return Arithmetic.Negate(value);
            }
            ,
            _ => run =>
            {
                var value = operand(run);
                run.At = at;
                return GoValues.Box(!GoValues.ToBool(value));
            }
            ,
        };
    }

    private Step Binary(BinaryNode node)
    {
        var (left, right, at) = (Compile(node.Left, node), Compile(node.Right, node), node.At);
        return node.Operator switch
        {
            "and" or "&&" => Logic(left, right, at, endsAt: false),
            "or" or "||" => Logic(left, right, at, endsAt: true),
            Operators.Coalesce => run => left(run) is var value && GoValues.IsNil(value) ? right(run) : value,
            "matches" when node.Right is StringNode pattern => MatchesPattern(left, GoRegex.Compile(pattern.Value), at),
            _ => Of(left, right, at, Operation(node)),
        };
    }

    private static Step Of(Step left, Step right, int at, Func<object?, object?, Run, object?> operation) => run =>
    {
        var a = left(run);
        var leftovers = run.Leftovers.Count;
        var b = right(run);
        if (run.Leftovers.Count != leftovers)
        {
            Span<object?> operands = [a, b];
            run.Leftovers.Displace(operands, [leftovers, run.Leftovers.Count]);
            (a, b) = (operands[0], operands[1]);
        }

        run.At = at;
        return operation(a, b, run);
    };

    // The right side is passed on as it is: whether it is a boolean is asked by whoever uses it.
    private static Step Logic(Step left, Step right, int at, bool endsAt) => run =>
    {
        var first = left(run);
        run.At = at;
        return GoValues.ToBool(first) == endsAt ? first : right(run);
    };

    private static Func<object?, object?, Run, object?> Operation(BinaryNode node) => node.Operator switch
    {
        "==" or "!=" => Equality(node),
        "<" or ">" or "<=" or ">=" => Comparison(node.Operator),
        "+" => (a, b, run) => Arithmetic.Add(a, b, run),
        "-" => (a, b, _) => Arithmetic.Subtract(a, b),
        "*" => (a, b, _) => Arithmetic.Multiply(a, b),
        "/" => (a, b, _) => Arithmetic.Divide(a, b),
        "%" => (a, b, _) => Arithmetic.Modulo(a, b),
        "**" or "^" => (a, b, _) => Arithmetic.Power(a, b),
        ".." => Range,
        "in" => (a, b, run) => GoValues.Box(Access.Contains(b, a, run)),
        "matches" => Matches,
        "contains" => Search((text, part) => text.Contains(part, StringComparison.Ordinal)),
        "startsWith" => Search((text, part) => text.StartsWith(part, StringComparison.Ordinal)),
        "endsWith" => Search((text, part) => text.EndsWith(part, StringComparison.Ordinal)),
        _ => throw new InvalidOperationException($"no operator: {node.Operator}"),
    };

    /// <summary>What is known to be int, or text, on both sides is compared as such: nil in its place is an error.</summary>
    private static Func<object?, object?, Run, object?> Equality(BinaryNode node)
    {
        var isEqual = node.Operator == "==";
        var type = node.Left.Nature.Type;
        if (type == node.Right.Nature.Type && (type == GoType.Int || type == GoType.String))
        {
            return (a, b, run) =>
            {
                run.Weigh(a);
                Require(a, type);
                Require(b, type);
                return GoValues.Box(a!.Equals(b) == isEqual);
            };
        }

        return (a, b, run) => GoValues.Box(Values.Equality.AreEqual(a, b, run) == isEqual);
    }

    private static void Require(object? value, GoType type)
    {
        if (GoValues.TypeOf(value) != type)
        {
            throw GoValues.Mistyped(value, type);
        }
    }

    private static Func<object?, object?, Run, object?> Comparison(string comparison) => (a, b, run) =>
    {
        run.Weigh(a);
        return GoValues.Box(Ordering.Holds(comparison, a, b));
    };

    private Step Between(BetweenNode node)
    {
        var (operand, at) = (Compile(node.Operand, node), node.At);
        object least = node.Least, most = node.Most;
        return run =>
        {
            var value = operand(run);
            run.At = at;
            return GoValues.Box(Ordering.Holds(">=", value, least) && Ordering.Holds("<=", value, most));
        };
    }

    private static GoSlice Range(object? a, object? b, Run run)
    {
        var (from, to) = (GoValues.ToInt(a), GoValues.ToInt(b));
        var size = Math.Max(0, unchecked(to - from + 1));
        run.Grow(size);
        return GoSlice.OfRange(from, (int)size);
    }

    private static Func<object?, object?, Run, object?> Search(Func<string, string, bool> search) => (a, b, run) =>
    {
        run.Weigh(a);
        return GoValues.Box(
            !GoValues.IsNil(a) && !GoValues.IsNil(b) && search(GoValues.ToText(a), GoValues.ToText(b)));
    };

    private static Step MatchesPattern(Step left, GoRegex pattern, int at) => run =>
    {
        var value = left(run);
        run.At = at;
        return GoValues.Box(!GoValues.IsNil(value) && pattern.IsMatch(Matched(value, run)));
    };

    private static object Matches(object? a, object? b, Run run)
    {
        if (GoValues.IsNil(a) || GoValues.IsNil(b))
        {
            return GoValues.False;
        }

        // To compile a pattern takes as long as some thousand other steps, and longer the longer it is.
        var pattern = GoValues.ToText(b);
        run.Step(5_000 + (200L * pattern.Length));
        return GoValues.Box(GoRegex.Compile(pattern).IsMatch(Matched(a, run)));
    }

    private static string Matched(object? value, Run run)
    {
        var text = value is GoSlice bytes && bytes.Type == GoType.Bytes ? bytes.ToText()
            : value as string ?? throw GoValues.Mistyped(value, GoType.Bytes);
        run.Step(1 + text.Length);
        return text;
    }
}
