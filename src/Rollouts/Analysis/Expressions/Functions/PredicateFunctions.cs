using System.Collections.Frozen;

namespace Rollouts.Analysis.Expressions.Functions;

/// <summary>How many arguments a function takes whose second one is a predicate.</summary>
internal sealed record PredicateSignature(int Fewest, int Most);

/// <summary>The functions that take a collection and a predicate, which is evaluated for its elements.</summary>
internal static class PredicateFunctions
{
    private static readonly FrozenDictionary<string, PredicateSignature> Signatures =
        new Dictionary<string, PredicateSignature>
        {
            ["all"] = new(2, 2),
            ["none"] = new(2, 2),
            ["any"] = new(2, 2),
            ["one"] = new(2, 2),
            ["filter"] = new(2, 2),
            ["map"] = new(2, 2),
            ["count"] = new(1, 2),
            ["sum"] = new(1, 2),
            ["find"] = new(2, 2),
            ["findIndex"] = new(2, 2),
            ["findLast"] = new(2, 2),
            ["findLastIndex"] = new(2, 2),
            ["groupBy"] = new(2, 2),
            ["sortBy"] = new(2, 3),
            ["reduce"] = new(2, 3),
        }.ToFrozenDictionary();

    public static PredicateSignature? Find(string name) => Signatures.GetValueOrDefault(name);
}
