using Rollouts.Analysis.Expressions.Values;

namespace Rollouts.Analysis.Expressions.Functions;

/// <summary>The functions on the bits of integers.</summary>
internal static class BitFunctions
{
    public static IEnumerable<Builtin> All { get; } =
    [
        Of("bitand", (x, y) => x & y),
        Of("bitor", (x, y) => x | y),
        Of("bitxor", (x, y) => x ^ y),
        Of("bitnand", (x, y) => x & ~y),
        Of("bitshl", (x, y) => Shift(y, n => n > 63 ? 0 : x << n)),
        Of("bitshr", (x, y) => Shift(y, n => x >> Math.Min(n, 63))),
        Of("bitushr", (x, y) => Shift(y, n => n > 63 ? 0 : x >>> n)),
        new("bitnot", (a, _) => GoValues.Box(~Integer("bitnot", a[0])))
        {
            Overloads = [GoSignature.Of(GoType.Int, GoType.Int)],
        },
    ];

    private static Builtin Of(string name, Func<long, long, long> operation) =>
        new(name, (a, _) => GoValues.Box(operation(Integer(name, a[0]), Integer(name, a[1]))))
        {
            Overloads = [GoSignature.Of(GoType.Int, GoType.Int, GoType.Int)],
        };

    private static long Integer(string name, object? value) => GoValues.TryInteger(value, out var integer)
        ? integer
        : throw new EvaluationFailure(
            $"cannot use {GoValues.NameOfType(value)} as argument (type int) to call {name}");

    private static long Shift(long count, Func<int, long> shift) => count >= 0
        ? shift((int)Math.Min(count, 64))
        : throw new EvaluationFailure($"invalid operation: negative shift count {count} (type int)");
}
