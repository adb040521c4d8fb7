using System.Globalization;
using Rollouts.Analysis.Expressions;
using Rollouts.Analysis.Expressions.Syntax;

namespace Rollouts.Questions;

/// <summary>A number that a condition compares the result with.</summary>
/// <param name="Operator">As if the result stood on the left: <c>&lt;</c>, <c>&lt;=</c>, <c>&gt;</c>, <c>&gt;=</c>.</param>
/// <param name="Value">The number.</param>
public sealed record ConditionLimit(string Operator, double Value)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Operator} {Value.ToString("G6", CultureInfo.InvariantCulture)}";
}

/// <summary>Finds the numbers that a condition compares <c>result</c> or <c>result[0]</c> with, for people: <c>result[0] &lt;= 0.01</c> gives 0.01.</summary>
public static class ConditionLimits
{
    private const int Most = 4;

    /// <summary>None when there is no condition, or it compares in some other way.</summary>
    public static IReadOnlyList<ConditionLimit> In(string? condition) =>
        condition is not null && ConditionParser.TryParse(condition, out Node? syntax, out _) ? [.. Find(syntax).Distinct().Take(Most)] : [];

    private static IEnumerable<ConditionLimit> Find(Node node) => node switch
    {
        BinaryNode { Operator: "&&" or "||" or "and" or "or" } both => Find(both.Left).Concat(Find(both.Right)),
        BinaryNode { Operator: "<" or "<=" or ">" or ">=" } compared when IsResult(compared.Left) && Number(compared.Right) is { } limit =>
            [new ConditionLimit(compared.Operator, limit)],
        BinaryNode { Operator: "<" or "<=" or ">" or ">=" } compared when IsResult(compared.Right) && Number(compared.Left) is { } limit =>
            [new ConditionLimit(compared.Operator[0] == '<' ? $">{compared.Operator[1..]}" : $"<{compared.Operator[1..]}", limit)],
        _ => [],
    };

    private static bool IsResult(Node node) => node switch
    {
        IdentifierNode name => name.Name == "result",
        ChainNode chain => IsResult(chain.Inner),
        MemberNode { Target: IdentifierNode { Name: "result" }, Property: IntegerNode { Value: 0 } } => true,
        _ => false,
    };

    private static double? Number(Node node) => node switch
    {
        IntegerNode whole => whole.Value,
        FloatNode real => real.Value,
        UnaryNode { Operator: "-" } negative => -Number(negative.Operand),
        _ => null,
    };
}
