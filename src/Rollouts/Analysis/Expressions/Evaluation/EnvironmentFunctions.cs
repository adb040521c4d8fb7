using Rollouts.Analysis.Expressions.Typing;
using Rollouts.Analysis.Expressions.Values;

namespace Rollouts.Analysis.Expressions.Evaluation;

/// <summary>
/// The functions that Argo Rollouts adds to the language. <c>isNil</c> and <c>default</c> look at the result whatever their
/// argument is, as Argo's do.
/// </summary>
internal static class EnvironmentFunctions
{
    private static readonly string[] Names = ["asInt", "asFloat", "isNaN", "isInf", "isNil", "default"];

    /// <summary>The value of a name of the environment; nil for a name that it has not.</summary>
    public static object? Find(string name, object? result) => name switch
    {
        ConditionEnvironment.Result => result,
        "asInt" => new GoFunction(ConditionEnvironment.AsInt, a => AsInt(a[0])),
        "asFloat" => new GoFunction(ConditionEnvironment.AsFloat, a => AsFloat(a[0])),
        "isNaN" => new GoFunction(ConditionEnvironment.IsFloat, a => GoValues.Box(double.IsNaN((double)a[0]!))),
        "isInf" => new GoFunction(ConditionEnvironment.IsFloat, a => GoValues.Box(double.IsInfinity((double)a[0]!))),
        "isNil" => new GoFunction(ConditionEnvironment.IsAny, _ => GoValues.Box(GoValues.IsNil(result))),
        "default" => new GoFunction(ConditionEnvironment.Default, a => GoValues.IsNil(result) ? a[1] : result),
        _ => null,
    };

    public static GoMap AsMap(object? result)
    {
        var map = new GoMap(GoType.StringMap);
        map.Set(ConditionEnvironment.Result, result);
        foreach (var name in Names)
        {
            map.Set(name, Find(name, result));
        }

        return map;
    }

    private static GoInt64 AsInt(object? value) => value switch
    {
        double number => new GoInt64(GoValues.Truncate(number)),
        string text => new GoInt64(GoNumbers.ParseInt(text)
            ?? throw Unparsable("ParseInt", text, "+-0123456789")),
        _ when GoValues.TryInteger(value, out var integer) => new GoInt64(integer),
        _ => throw Unsupported("asInt", value),
    };

    private static double AsFloat(object? value) => value switch
    {
        string text => GoNumbers.ParseFloat(text)
            ?? throw Unparsable("ParseFloat", text, "+-0123456789.e"),
        _ when GoValues.TryFloat(value, out var number) => number,
        _ => throw Unsupported("asFloat", value),
    };

    private static EvaluationFailure Unparsable(string function, string text, string digits)
    {
        var isNumber = text.Length > 0 && char.IsAsciiDigit(text[^1]) && text.All(digits.Contains);
        return new EvaluationFailure(
            $"strconv.{function}: parsing {GoFormat.Quote(text)}: {(isNumber ? "value out of range" : "invalid syntax")}");
    }

    private static EvaluationFailure Unsupported(string function, object? value) =>
        new($"{function}() not supported on {GoValues.NameOfType(value)} {GoFormat.Brief(value)}");
}
