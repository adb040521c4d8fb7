using Rollouts.Analysis.Expressions.Values;

namespace Rollouts.Analysis.Expressions.Functions;

/// <summary>What the functions that decide by themselves about their arguments have in common.</summary>
internal static class Checks
{
    /// <summary>The check of a function of one argument.</summary>
    public static Func<GoType?[], GoType> One(Func<GoType?, bool> accepts, string refusal, Func<GoType, GoType> result) =>
        types =>
        {
            Count(types, 1);
            return accepts(types[0]) ? result(types[0]!) : throw new EvaluationFailure(refusal.Replace("{type}", Name(types[0]), StringComparison.Ordinal));
        };

    public static void Count(GoType?[] types, int count)
    {
        if (types.Length != count)
        {
            throw new EvaluationFailure($"invalid number of arguments (expected {count}, got {types.Length})");
        }
    }

    public static bool IsUnknown(GoType? type) => type is { Kind: GoKind.Interface };

    public static bool IsArray(GoType? type) => IsUnknown(type) || type is { IsArray: true };

    public static bool IsMap(GoType? type) => IsUnknown(type) || type is { Kind: GoKind.Map };

    /// <summary>A number by its kind: durations and months count among them.</summary>
    public static bool IsNumeric(GoType? type) =>
        IsUnknown(type) || type is { Kind: GoKind.Int or GoKind.Int64 or GoKind.Uint8 or GoKind.Float64 };

    public static string Name(GoType? type) => type?.Name ?? "%!s(<nil>)";

    public static GoSlice ToSlice(object? value, string refusal) =>
        value as GoSlice ?? throw new EvaluationFailure($"{refusal} {KindName(value)}");

    public static GoMap ToMap(object? value, string refusal) =>
        value as GoMap ?? throw new EvaluationFailure($"{refusal} {KindName(value)}");

    public static string KindName(object? value) => GoValues.TypeOf(value)?.Kind switch
    {
        null => "invalid",
        GoKind.Pointer => "ptr",
        var kind => kind.Value.ToString().ToLowerInvariant(),
    };
}
