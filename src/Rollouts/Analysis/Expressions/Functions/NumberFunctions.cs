using Rollouts.Analysis.Expressions.Values;

namespace Rollouts.Analysis.Expressions.Functions;

/// <summary>abs, ceil, floor, round, int and float.</summary>
internal static class NumberFunctions
{
    public static IEnumerable<Builtin> All { get; } =
    [
        new("abs", (a, _) => Arithmetic.Absolute(a[0]))
        {
            Check = Checks.One(Checks.IsNumeric, "invalid argument for abs (type {type})", type => type),
        },
        Rounding("ceil", Math.Ceiling),
        Rounding("floor", Math.Floor),
        Rounding("round", value => Math.Round(value, MidpointRounding.AwayFromZero)),
        new("int", (a, run) => GoValues.Box(ToInt(Read(a[0], run))))
        {
            Check = Checks.One(IsNumericOrText, "invalid argument for int (type {type})", _ => GoType.Int),
        },
        new("float", (a, run) => ToFloat(Read(a[0], run)))
        {
            Check = Checks.One(IsNumericOrText, "invalid argument for float (type {type})", _ => GoType.Float64),
        },
    ];

    private static Builtin Rounding(string name, Func<double, double> round) =>
        new(name, (a, _) => a[0] is double number ? round(number)
            : GoValues.TryInteger(a[0], out var integer) ? (double)integer
            : throw new EvaluationFailure($"invalid argument for {name} (type {GoValues.NameOfType(a[0])})"))
        {
            Check = Checks.One(Checks.IsNumeric, $"invalid argument for {name} (type {{type}})", _ => GoType.Float64),
        };

    private static bool IsNumericOrText(GoType? type) => Checks.IsNumeric(type) || type == GoType.String;

    private static object? Read(object? value, IRun run)
    {
        run.Step(value is string text ? text.Length : 0);
        return value;
    }

    private static long ToInt(object? value) => value switch
    {
        double number => GoValues.Truncate(number),
        string text => GoNumbers.ParseInt(text) ?? throw new EvaluationFailure($"invalid operation: int({text})"),
        Times.GoTimeSpan duration => duration.Nanoseconds,
        Times.GoMonth month => month.Number,
        Times.GoWeekday weekday => weekday.Number,
        _ when GoValues.TryInteger(value, out var integer) => integer,
        _ => throw new EvaluationFailure($"invalid operation: int({GoValues.NameOfType(value)})"),
    };

    private static double ToFloat(object? value) => value switch
    {
        string text => GoNumbers.ParseFloat(text) ?? throw new EvaluationFailure($"invalid operation: float({text})"),
        _ => GoValues.ToFloat(value),
    };
}
