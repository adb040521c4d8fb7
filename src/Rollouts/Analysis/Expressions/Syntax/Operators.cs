using System.Collections.Frozen;

namespace Rollouts.Analysis.Expressions.Syntax;

/// <summary>How tightly operators bind, in expr-lang's numbers: the higher, the tighter.</summary>
internal static class Operators
{
    /// <summary>The least an expression can ask for: at this level declarations, if and ? : are allowed too.</summary>
    public const int Any = 0;

    public const string Pipe = "|";

    public const string Coalesce = "??";

    private static readonly FrozenDictionary<string, int> Unary = new Dictionary<string, int>
    {
        ["not"] = 50,
        ["!"] = 50,
        ["-"] = 90,
        ["+"] = 90,
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, int> Binary = new Dictionary<string, int>
    {
        [Pipe] = 0,
        ["or"] = 10,
        ["||"] = 10,
        ["and"] = 15,
        ["&&"] = 15,
        ["=="] = 20,
        ["!="] = 20,
        ["<"] = 20,
        [">"] = 20,
        [">="] = 20,
        ["<="] = 20,
        ["in"] = 20,
        ["matches"] = 20,
        ["contains"] = 20,
        ["startsWith"] = 20,
        ["endsWith"] = 20,
        [".."] = 25,
        ["+"] = 30,
        ["-"] = 30,
        ["*"] = 60,
        ["/"] = 60,
        ["%"] = 60,
        ["**"] = 100,
        ["^"] = 100,
        [Coalesce] = 500,
    }.ToFrozenDictionary();

    public static int? UnaryBinding(string symbol) => Unary.TryGetValue(symbol, out var binding) ? binding : null;

    public static int? BinaryBinding(string symbol) => Binary.TryGetValue(symbol, out var binding) ? binding : null;

    public static bool IsComparison(string symbol) => symbol is "<" or ">" or "<=" or ">=";

    /// <summary>Groups from the right: a ** b ** c is a ** (b ** c).</summary>
    public static bool IsRightAssociative(string symbol) => symbol is "**" or "^";

    /// <summary>Can follow a <c>not</c>: x not in y.</summary>
    public static bool CanBeNegated(string symbol) =>
        symbol is "in" or "matches" or "contains" or "startsWith" or "endsWith";
}
