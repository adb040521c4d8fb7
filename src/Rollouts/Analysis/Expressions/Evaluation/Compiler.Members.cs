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

            var key = property(run);
            run.At = at;
            return Access.Fetch(from, key);
        };
    }

    private Step Slice(SliceNode node)
    {
        var target = Compile(node.Target, node);
        var to = node.To is null ? null : Compile(node.To, node);
        var from = node.From is null ? null : Compile(node.From, node);
        var at = node.At;
        return run =>
        {
            var value = target(run);
            run.At = at;
            var end = to is null ? GoValues.Box(Access.Length(value, inCharacters: false)) : to(run);
            var start = from is null ? GoValues.Box(0L) : from(run);
            run.At = at;
            return Access.Slice(value, start, end, run);
        };
    }

    private Step Call(CallNode node)
    {
        // Arguments come first, as in expr-lang: what fails in them fails even if the function is not there.
        var (arguments, callee, at) = (CompileAll(node.Arguments, node), Compile(node.Callee, node), node.At);
        return run =>
        {
            var values = EvaluateAll(arguments, run);
            var function = callee(run);
            run.At = at;
            return function switch
            {
                GoFunction callable => callable.Call(values),
                null => throw new EvaluationFailure("invalid operation: cannot call nil"),
                _ when function == EndOfChain => EndOfChain,
                _ => throw new EvaluationFailure(
                    $"invalid operation: cannot call non-function of type {GoValues.NameOfType(function)}"),
            };
        };
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
            return body(values, run);
        };
    }
}
