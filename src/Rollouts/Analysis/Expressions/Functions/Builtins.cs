using System.Collections.Frozen;

namespace Rollouts.Analysis.Expressions.Functions;

/// <summary>The language's own functions, besides those that take a predicate.</summary>
internal static class Builtins
{
    private static readonly FrozenDictionary<string, Builtin> ByName = new[]
    {
        NumberFunctions.All,
        AggregateFunctions.All,
        TextFunctions.All,
        ConversionFunctions.All,
        ArrayFunctions.All,
        MapFunctions.All,
        BitFunctions.All,
        TimeFunctions.All,
    }.SelectMany(group => group).ToFrozenDictionary(function => function.Name);

    public static bool Exists(string name) => ByName.ContainsKey(name);

    public static Builtin Get(string name) => ByName[name];
}
