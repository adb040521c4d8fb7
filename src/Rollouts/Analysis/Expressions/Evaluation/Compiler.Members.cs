using Rollouts.Analysis.Expressions.Functions;
using Rollouts.Analysis.Expressions.Syntax;
using Rollouts.Analysis.Expressions.Times;
using Rollouts.Analysis.Expressions.Values;

namespace Rollouts.Analysis.Expressions.Evaluation;

internal sealed partial class Compiler
{
    private Step Chain(ChainNode node, bool keepsEmptySlices)
    {
        var inner = Compile(node.Inner, node);
        return run =>
        {
            var value = inner(run);
            return value == EndOfChain || (!keepsEmptySlices && GoValues.IsNil(value)) ? null : value;
        };
    }

    private Step Member(MemberNode node)
    {
        var (target, property, at) = (Compile(node.Target, node), Compile(node.Property, node), node.At);
        if (node.Property is StringNode name
            && node.Target.Nature.Type is { } type
            && GoMethods.TryFind(type, name.Value, out _))
        {
            return run =>
            {
                var receiver = target(run);
                run.At = at;
                return GoMethods.TryBind(receiver, name.Value, out var method) ? method
                    : receiver == EndOfChain ? receiver
                    : throw new EvaluationFailure($"cannot fetch {name.Value} from {GoValues.NameOfType(receiver)}");
            };
        }

        var isOptional = node.IsOptional;
        return run =>
        {
            var from = target(run);
            if (from == EndOfChain || (isOptional && GoValues.IsNil(from)))
            {
                return EndOfChain;
            }

            var leftovers = run.Leftovers.Count;
            var key = property(run);
            if (run.Leftovers.Count != leftovers)
            {
                Span<object?> operands = [from, key];
                run.Leftovers.Displace(operands, [leftovers, run.Leftovers.Count]);
                (from, key) = (operands[0], operands[1]);
            }

            run.At = at;
            run.Weigh(key);
            return Access.Fetch(from, key);
        };
    }

    private Step Slice(SliceNode node)
    {
        var (target, at) = (Compile(node.Target, node), node.At);
        var to = node.To is null ? null : Compile(node.To, node);
        var from = node.From is null ? Constant(GoValues.Box(0L)) : Compile(node.From, node);
        return run =>
        {
            var (operands, leftovers) = (new object?[3], run.Leftovers);
            operands[0] = target(run);
            var afterTarget = leftovers.Count;
            run.At = at;
            operands[1] = to is null ? GoValues.Box(Access.Length(operands[0], inCharacters: false)) : to(run);
            var afterEnd = leftovers.Count;
            operands[2] = from(run);
            leftovers.Displace(operands, [afterTarget, afterEnd, leftovers.Count]);
            run.At = at;
            return Access.Slice(operands[0], operands[2], operands[1], run);
        };
    }

    private Step Call(CallNode node)
    {
        // Arguments come first, as in expr-lang: what fails in them fails even if the function is not there.
        var (argumentsAndCallee, at) = (CompileAll([.. node.Arguments, node.Callee], node), node.At);
        var isUnknown = node.Callee.Nature.IsUnknown;
        return run =>
        {
            var values = EvaluateAll(argumentsAndCallee, run);
            var function = values[^1];
            run.At = at;
            return function switch
            {
                GoFunction callable => Called(callable.Call(Weighed(values[..^1], run), isUnknown), run),
                null => throw new EvaluationFailure("invalid operation: cannot call nil"),
                _ when function == EndOfChain => Unreached(values[..^1], run),
                _ => throw new EvaluationFailure(
                    $"invalid operation: cannot call non-function of type {GoValues.NameOfType(function)}"),
            };
        };
    }

    // Each character of a text may be looked at, in the layout of a time even several times.
    private static object?[] Weighed(object?[] arguments, Run run)
    {
        run.Step(8 * arguments.Sum(argument => argument is string text ? text.Length : 0L));
        return arguments;
    }

    // What gives a text here is a method of a time.
    private static object? Called(object? result, Run run)
    {
        if (result is string text)
        {
            run.Step(TimeWriter.Cost + text.Length);
        }

        return result;
    }

    private static object Unreached(object?[] arguments, Run run)
    {
        foreach (var argument in arguments)
        {
            run.Leftovers.Add(argument);
        }

        return EndOfChain;
    }

    private Step Builtin(BuiltinNode node)
    {
        if (PredicateFunctions.Find(node.Name) is not null)
        {
            return Predicate(node);
        }

        var (arguments, body, at) = (CompileAll(node.Arguments, node), Builtins.Get(node.Name).Body, node.At);
        return run =>
        {
            var values = EvaluateAll(arguments, run);
            run.At = at;
            foreach (var value in values)
            {
                run.Weigh(value);
            }

            return body(values, run);
        };
    }
}
