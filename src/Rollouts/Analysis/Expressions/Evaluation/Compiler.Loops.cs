using System.Runtime.InteropServices;
using Rollouts.Analysis.Expressions.Syntax;
using Rollouts.Analysis.Expressions.Values;

namespace Rollouts.Analysis.Expressions.Evaluation;

/// <summary>The functions that take a predicate.</summary>
internal sealed partial class Compiler
{
    private Step Predicate(BuiltinNode node)
    {
        var collection = Compile(node.Arguments[0], node);
        var predicate = node.Arguments.Length > 1 ? (PredicateNode)node.Arguments[1] : null;

        // Without a predicate, the elements speak for themselves.
        var body = predicate is null ? run => run.Loop!.Current : Compile(predicate.Body, predicate);
        var third = node.Arguments.Length > 2 ? Compile(node.Arguments[2], node) : null;
        var loop = Loops(node, body, third);
        var (at, cost) = (node.At, RoundCost(node.Name) + Cost(predicate) + Cost(node.Selector));
        return run =>
        {
            var items = collection(run);
            run.At = at;
            run.Loop = new Loop(items, run.Loop, cost);
            var result = loop(run, run.Loop);
            run.Loop = run.Loop.Outer;
            return result;
        };
    }

    private Func<Run, Loop, object?> Loops(BuiltinNode node, Step body, Step? third)
    {
        var selector = node.Selector is null ? null : Compile(node.Selector, node);
        var at = node.At;
        bool Holds(Run run)
        {
            var value = body(run);
            run.At = at;
            return GoValues.ToBool(value);
        }

        object? Selected(Run run) => selector is null ? run.Loop!.Current : selector(run);

        return node.Name switch
        {
            "all" => (run, loop) => GoValues.Box(!loop.Any(run, r => !Holds(r))),
            "none" => (run, loop) => GoValues.Box(!loop.Any(run, Holds)),
            "any" => (run, loop) => GoValues.Box(loop.Any(run, Holds)),
            "one" => (run, loop) => GoValues.Box(loop.Count(run, Holds, long.MaxValue) == 1),
            "count" => (run, loop) => GoValues.Box(loop.Count(run, Holds, node.Threshold ?? long.MaxValue)),
            "filter" => (run, loop) => Filter(run, loop, Holds, Selected),
            "map" => (run, loop) => Map(run, loop, body),
            "sum" => (run, loop) => Sum(run, loop, body),
            "find" => (run, loop) => loop.Any(run, Holds) ? Selected(run) : NotFound(node),
            "findLast" => (run, loop) => loop.AnyFromTheEnd(run, Holds) ? Selected(run) : NotFound(node),
            "findIndex" => (run, loop) => loop.Any(run, Holds) ? GoValues.Box((long)loop.Index) : null,
            "findLastIndex" => (run, loop) => loop.AnyFromTheEnd(run, Holds) ? GoValues.Box((long)loop.Index) : null,
            "groupBy" => (run, loop) => Group(run, loop, body),
            "sortBy" => (run, loop) => Sort(run, loop, body, third),
            "reduce" => (run, loop) => Reduce(run, loop, body, third),
            _ => throw new InvalidOperationException($"no function with a predicate: {node.Name}"),
        };
    }

    private static object? NotFound(BuiltinNode node) =>
        node.Throws ? throw new EvaluationFailure("reflect: slice index out of range") : null;

    private static GoSlice Filter(Run run, Loop loop, Func<Run, bool> holds, Step selected) =>
        Collect(run, loop, item =>
        {
            if (holds(run))
            {
                item(selected(run));
            }
        });

    private static GoSlice Map(Run run, Loop loop, Step body) => Collect(run, loop, item => item(body(run)));

    private static GoSlice Collect(Run run, Loop loop, Action<Action<object?>> visit)
    {
        var (items, leftovers) = (new List<object?>(), new List<int>());
        void Add(object? item)
        {
            items.Add(item);
            leftovers.Add(run.Leftovers.Count);
        }

        loop.ForEach(run, () => visit(Add));
        run.Leftovers.Displace(CollectionsMarshal.AsSpan(items), CollectionsMarshal.AsSpan(leftovers));
        run.Grow(items.Count);
        return GoSlice.Of([.. items]);
    }

    private static object? Sum(Run run, Loop loop, Step body)
    {
        object? sum = GoValues.Box(0L);
        loop.ForEach(run, () => sum = Arithmetic.Add(body(run), sum, run));
        return sum;
    }

    private static GoMap Group(Run run, Loop loop, Step body)
    {
        var (groups, indices) = (new List<(object? Key, List<object?> Items)>(), new GoMap(GoType.AnyMap));
        loop.ForEach(run, () =>
        {
            var key = body(run);
            run.Weigh(key);
            if (!indices.TryGet(key, out var index))
            {
                index = groups.Count;
                indices.Set(key, index);
                groups.Add((key, []));
            }

            groups[(int)index!].Items.Add(loop.Current);
        });
        var map = new GoMap(GoType.GroupMap);
        foreach (var (key, items) in groups)
        {
            map.Set(key, GoSlice.Of([.. items]));
        }

        return map;
    }

    private static GoSlice Sort(Run run, Loop loop, Step body, Step? order)
    {
        var isDescending = order?.Invoke(run) switch
        {
            null when order is null => false,
            "asc" => false,
            "desc" => true,
            string => throw new EvaluationFailure("unknown order, use asc or desc"),
            _ => throw new EvaluationFailure("sortBy order argument must be a string"),
        };
        var (items, keys) = (new List<object?>(), new List<object?>());
        loop.ForEach(run, () =>
        {
            keys.Add(body(run));
            items.Add(loop.Current);
        });
        var sorted = Ordering.Sort(items, keys, isDescending, run);
        run.Grow(sorted.Length);
        return GoSlice.Of(sorted);
    }

    private static object? Reduce(Run run, Loop loop, Step body, Step? start)
    {
        if (start is not null)
        {
            loop.Accumulator = start(run);
        }
        else if (loop.Length == 0)
        {
            throw new EvaluationFailure("reduce of empty array with no initial value");
        }
        else
        {
            loop.Accumulator = loop.Current;
            loop.Index = 1;
        }

        loop.ForEach(run, () => loop.Accumulator = body(run));
        return loop.Accumulator;
    }

    /// <summary>The steps that a loop takes for each element by itself; most of them to keep what is collected.</summary>
    private static int RoundCost(string loop) => loop switch
    {
        "groupBy" => 16,
        "map" or "filter" or "sortBy" => 4,
        _ => 2,
    };

    /// <summary>The steps that a node takes, without the rounds of loops inside it and without what its values cost.</summary>
    private static int Cost(Node? node) => node is null ? 0 : node.Children.Sum(Cost) + node switch
    {
        MapNode map => 8 + (2 * map.Pairs.Length),
        CallNode => 6,
        BuiltinNode or ArrayNode => 2,
        _ => 1,
    };
}
