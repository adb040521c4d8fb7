namespace Rollouts.Analysis.Expressions.Values;

/// <summary>Go's int64, which is a type of its own beside int (a <see cref="long"/> here).</summary>
internal readonly record struct GoInt64(long Value);

/// <summary>
/// The values of a condition are .NET objects, one .NET type to a type of Go's: null, bool, long (int), <see cref="GoInt64"/>,
/// byte (uint8), double (float64), string (one char to a byte, see <see cref="GoText"/>), <see cref="GoSlice"/>,
/// <see cref="GoMap"/>, <see cref="GoFunction"/>, and the values of time.
/// </summary>
internal static class GoValues
{
    public static readonly object True = true;
    public static readonly object False = false;

    private static readonly object[] SmallInts = [.. Enumerable.Range(-1, 130).Select(i => (object)(long)i)];
    private static readonly object[] Uint8s = [.. Enumerable.Range(0, 256).Select(i => (object)(byte)i)];

    public static object Box(bool value) => value ? True : False;

    public static object Box(long value) =>
        value >= -1 && value < SmallInts.Length - 1 ? SmallInts[value + 1] : value;

    public static object Box(byte value) => Uint8s[value];

    /// <summary>The type of a value; null for nil.</summary>
    public static GoType? TypeOf(object? value) => value switch
    {
        null => null,
        bool => GoType.Bool,
        long => GoType.Int,
        double => GoType.Float64,
        string => GoType.String,
        GoSlice slice => slice.Type,
        GoMap map => map.Type,
        GoInt64 => GoType.Int64,
        byte => GoType.Uint8,
        Times.GoTimeSpan => GoType.Duration,
        Times.GoTime => GoType.Time,
        Times.GoMonth => GoType.Month,
        Times.GoWeekday => GoType.Weekday,
        Times.GoZone => GoType.Location,
        GoFunction function => function.Type,
        _ => throw new InvalidOperationException($"no value of a condition: {value.GetType()}"),
    };

    /// <summary>The type's name as Go's <c>%T</c> writes it.</summary>
    public static string NameOfType(object? value) => TypeOf(value)?.Name ?? "<nil>";

    /// <summary>Nil itself, or a slice that was never made.</summary>
    public static bool IsNil(object? value) => value is null or GoSlice { IsNil: true };

    public static bool IsNumber(object? value) => value is double or long or GoInt64 or byte;

    public static bool TryInteger(object? value, out long integer)
    {
        switch (value)
        {
            case long i:
                integer = i;
                return true;
            case GoInt64 i:
                integer = i.Value;
                return true;
            case byte i:
                integer = i;
                return true;
            default:
                integer = 0;
                return false;
        }
    }

    public static bool TryFloat(object? value, out double number)
    {
        if (value is double d)
        {
            number = d;
            return true;
        }

        var isInteger = TryInteger(value, out var integer);
        number = integer;
        return isInteger;
    }

    public static long ToInt(object? value) =>
        value is double d ? Truncate(d)
        : TryInteger(value, out var integer) ? integer
        : throw new EvaluationFailure($"invalid operation: int({NameOfType(value)})");

    public static double ToFloat(object? value) =>
        TryFloat(value, out var number) ? number
        : throw new EvaluationFailure($"invalid operation: float({NameOfType(value)})");

    public static bool ToBool(object? value) => value is bool b ? b : throw Mistyped(value, GoType.Bool);

    public static string ToText(object? value) => value as string ?? throw Mistyped(value, GoType.String);

    /// <summary>Go's conversion on amd64: what no int64 can hold becomes the smallest one.</summary>
    public static long Truncate(double value) =>
        value is >= long.MinValue and < 9223372036854775808.0 ? (long)value : long.MinValue;

    public static EvaluationFailure Mistyped(object? value, GoType wanted) =>
        new($"interface conversion: interface {{}} is {(value is null ? "nil" : NameOfType(value))}, not {wanted}");
}
