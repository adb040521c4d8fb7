using System.Runtime.CompilerServices;
using Rollouts.Analysis.Expressions.Times;
using Rollouts.Analysis.Expressions.Values;

namespace Rollouts.Analysis.Expressions.Functions;

/// <summary>The functions on arrays, and len.</summary>
internal static class ArrayFunctions
{
    public static IEnumerable<Builtin> All { get; } =
    [
        new("len", (a, run) => Length(a[0], run))
        {
            Check = Checks.One(
                type => Checks.IsArray(type) || Checks.IsMap(type) || type == GoType.String,
                "invalid argument for len (type {type})",
                _ => GoType.Int),
        },
        new("first", (a, _) => End(a[0], 0)) { Check = ElementOf("first") },
        new("last", (a, _) => End(a[0], -1)) { Check = ElementOf("last") },
        new("get", (a, _) => Access.FetchOrNil(a[0], a[1])),
        new("take", (a, _) => Take(a[0], a[1])) { Check = CheckTake },
        new("reverse", (a, run) => Reversed(Checks.ToSlice(a[0], "cannot reverse"), run))
        {
            Check = Checks.One(Checks.IsArray, "cannot reverse {type}", _ => GoType.Anys),
        },
        new("uniq", (a, run) => Unique(Checks.ToSlice(a[0], "cannot uniq"), run))
        {
            Check = Checks.One(Checks.IsArray, "cannot uniq {type}", _ => GoType.Anys),
        },
        new("concat", Concat) { Check = CheckConcat },
        new("flatten", (a, run) => Flatten(Checks.ToSlice(a[0], "cannot flatten"), run))
        {
            Check = Checks.One(Checks.IsArray, "cannot flatten {type}", _ => GoType.Anys),
        },
        new("sort", Sort)
        {
            Overloads =
            [
                .. new[] { GoType.Anys, GoType.Ints, GoType.Floats, GoType.Strings }
                    .Select(type => GoSignature.Of(GoType.Anys, type, GoType.String)),
                .. new[] { GoType.Anys, GoType.Floats, GoType.Strings, GoType.Ints }
                    .Select(type => GoSignature.Of(GoType.Anys, type)),
            ],
        },
    ];

    private static Func<GoType?[], GoType> ElementOf(string name) => Checks.One(
        Checks.IsArray, $"cannot get {name} element from {{type}}", type => type.Element ?? GoType.Any);

    private static object Length(object? value, IRun run)
    {
        run.Step(value is string text ? text.Length : 1);
        return GoValues.Box(Access.Length(value, inCharacters: true));
    }

    // What has no such element, whatever it is, has nil there.
    private static object? End(object? value, long index)
    {
        try
        {
            return Access.Fetch(value, GoValues.Box(index));
        }
        catch (EvaluationFailure)
        {
            return null;
        }
    }

    private static GoType CheckTake(GoType?[] types)
    {
        Checks.Count(types, 2);
        if (!Checks.IsArray(types[0]))
        {
            throw new EvaluationFailure($"cannot take from {Checks.Name(types[0])}");
        }

        return types[1] is { Kind: GoKind.Interface or GoKind.Int or GoKind.Int64 }
            ? types[0]!
            : throw new EvaluationFailure($"cannot take {Checks.Name(types[1])} elements");
    }

    private static GoSlice Take(object? value, object? count)
    {
        var slice = Checks.ToSlice(value, "cannot take from");
        var most = count switch
        {
            long n => n,
            GoInt64 n => n.Value,
            GoTimeSpan n => n.Nanoseconds,
            GoMonth n => n.Number,
            GoWeekday n => n.Number,
            _ => throw new EvaluationFailure($"cannot take {Checks.KindName(count)} elements"),
        };
        if (most < 0)
        {
            throw new EvaluationFailure("reflect.Value.Slice: slice index out of bounds");
        }

        if (slice.Type.Kind == GoKind.Array)
        {
            throw new EvaluationFailure("reflect.Value.Slice: slice of unaddressable array");
        }

        return slice.Part(slice.Type, 0, (int)Math.Min(most, slice.Count));
    }

    private static GoSlice Unique(GoSlice slice, IRun run)
    {
        var unique = new List<object?>();
        foreach (var item in slice.Items)
        {
            run.Step(2 * (unique.Count + 1));
            if (!unique.Exists(known => Equality.AreEqual(item, known, run)))
            {
                unique.Add(item);
            }
        }

        return GoSlice.Of([.. unique]);
    }

    private static GoType CheckConcat(GoType?[] types)
    {
        if (types.Length == 0)
        {
            throw new EvaluationFailure("invalid number of arguments (expected at least 1, got 0)");
        }

        var other = Array.Find(types, type => !Checks.IsArray(type));
        return other is null && !Array.Exists(types, type => type is null)
            ? GoType.Anys
            : throw new EvaluationFailure($"cannot concat {Checks.Name(other)}");
    }

    private static GoSlice Concat(object?[] arguments, IRun run)
    {
        var slices = arguments.Select(argument => Checks.ToSlice(argument, "cannot concat")).ToList();
        var count = slices.Sum(slice => (long)slice.Count);
        run.Grow(count);
        run.Step(count);
        object?[] items = [.. slices.SelectMany(slice => slice.Items)];

        // Go makes no array where there is nothing to put in, and so the result equals nil.
        return items.Length == 0 ? GoSlice.Nil(GoType.Anys) : GoSlice.Of(items);
    }

    private static GoSlice Flatten(GoSlice slice, IRun run)
    {
        var items = new List<object?>();
        Flatten(slice, items, run);
        run.Grow(items.Count);
        return GoSlice.Of([.. items]);
    }

    private static void Flatten(GoSlice slice, List<object?> items, IRun run)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        run.Step(slice.Count);
        foreach (var item in slice.Items)
        {
            if (item is GoSlice inner)
            {
                Flatten(inner, items, run);
            }
            else
            {
                items.Add(item);
            }
        }
    }

    private static GoSlice Sort(object?[] arguments, IRun run)
    {
        var isDescending = arguments.Length == 2 && arguments[1] switch
        {
            "asc" => false,
            "desc" => true,
            string order => throw new EvaluationFailure($"invalid order {order}, expected asc or desc"),
            var other => throw new EvaluationFailure(
                $"sort order argument must be a string (got {GoValues.NameOfType(other)})"),
        };

        // Go sorts no other arrays, and gives none for what is no array at all.
        if (arguments[0] is not GoSlice slice
            || !(slice.Type == GoType.Anys || slice.Type == GoType.Ints || slice.Type == GoType.Floats
                || slice.Type == GoType.Strings))
        {
            return GoSlice.Nil(GoType.Anys);
        }

        run.Grow(slice.Count);
        return GoSlice.Of(Ordering.Sort(slice.Items, slice.Items, isDescending, run));
    }

    private static GoSlice Reversed(GoSlice slice, IRun run)
    {
        run.Grow(slice.Count);
        run.Step(slice.Count);
        return GoSlice.Of([.. slice.Items.Reverse()]);
    }
}
