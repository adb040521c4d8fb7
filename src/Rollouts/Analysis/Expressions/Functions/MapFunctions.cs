using Rollouts.Analysis.Expressions.Values;

namespace Rollouts.Analysis.Expressions.Functions;

/// <summary>The functions on maps.</summary>
internal static class MapFunctions
{
    private const int EntryCost = 8;

    public static IEnumerable<Builtin> All { get; } =
    [
        new("keys", (a, run) => GoSlice.Of([.. Counted(Checks.ToMap(a[0], "cannot get keys from"), run).Keys]))
        {
            Check = Checks.One(Checks.IsMap, "cannot get keys from {type}", _ => GoType.Anys),
        },
        new("values", (a, run) => GoSlice.Of([.. Pairs(Counted(Checks.ToMap(a[0], "cannot get values from"), run)).Select(pair => pair.Value)]))
        {
            Check = Checks.One(Checks.IsMap, "cannot get values from {type}", _ => GoType.Anys),
        },
        new("toPairs", (a, run) => ToPairs(Counted(Checks.ToMap(a[0], "cannot transform"), run)))
        {
            Check = Checks.One(Checks.IsMap, "cannot transform {type} to pairs", _ => GoType.Anys),
        },
        new("fromPairs", (a, run) => FromPairs(Checks.ToSlice(a[0], "cannot transform"), run))
        {
            Check = Checks.One(Checks.IsArray, "cannot transform {type} from pairs", _ => GoType.AnyMap),
        },
    ];

    private static GoMap Counted(GoMap map, IRun run)
    {
        run.Step(EntryCost * (map.Count + 1));
        return map;
    }

    // A value under NaN is never found again.
    private static IEnumerable<(object? Key, object? Value)> Pairs(GoMap map) => map.Pairs.Select(pair =>
        map.TryGet(pair.Key, out _)
            ? pair
            : throw new EvaluationFailure("reflect: call of reflect.Value.Interface on zero Value"));

    private static GoSlice ToPairs(GoMap map) =>
        new(GoType.Pairs, Pairs(map).Select(object? (pair) => new GoSlice(GoType.Pair, new[] { pair.Key, pair.Value })).ToArray());

    private static GoMap FromPairs(GoSlice pairs, IRun run)
    {
        run.Step(EntryCost * (pairs.Count + 1));
        var map = new GoMap(GoType.AnyMap);
        foreach (var item in pairs.Items)
        {
            if (item is not GoSlice pair)
            {
                throw new EvaluationFailure($"invalid pair {GoFormat.Brief(item)}");
            }

            if (pair.Count != 2)
            {
                throw new EvaluationFailure($"invalid pair length {GoFormat.Brief(pair)}");
            }

            map.Set(pair[0], pair[1]);
        }

        return map;
    }
}
