using Rollouts.Analysis.Expressions.Times;

namespace Rollouts.Analysis.Expressions.Values;

/// <summary>
/// Arithmetic as Go and expr-lang have it: integers stay integers and wrap, a float on either side makes a float, a division is
/// always a float.
/// </summary>
internal static class Arithmetic
{
    public static object? Add(object? a, object? b, IMeter meter)
    {
        if (GoValues.IsNumber(a) && GoValues.IsNumber(b))
        {
            return a is double || b is double
                ? GoValues.ToFloat(a) + GoValues.ToFloat(b)
                : GoValues.Box(unchecked(GoValues.ToInt(a) + GoValues.ToInt(b)));
        }

        return (a, b) switch
        {
            (string x, string y) => meter.Made(x + y),
            (GoTime x, GoTimeSpan y) => x.Add(y),
            (GoTimeSpan x, GoTime y) => y.Add(x),
            (GoTimeSpan x, GoTimeSpan y) => new GoTimeSpan(unchecked(x.Nanoseconds + y.Nanoseconds)),
            _ => throw Undefined(a, "+", b),
        };
    }

    public static object? Subtract(object? a, object? b)
    {
        if (GoValues.IsNumber(a) && GoValues.IsNumber(b))
        {
            return a is double || b is double
                ? GoValues.ToFloat(a) - GoValues.ToFloat(b)
                : GoValues.Box(unchecked(GoValues.ToInt(a) - GoValues.ToInt(b)));
        }

        return (a, b) switch
        {
            (GoTime x, GoTime y) => x.Subtract(y),
            (GoTime x, GoTimeSpan y) => x.Add(new GoTimeSpan(unchecked(-y.Nanoseconds))),
            (GoTimeSpan x, GoTimeSpan y) => new GoTimeSpan(unchecked(x.Nanoseconds - y.Nanoseconds)),
            _ => throw Undefined(a, "-", b),
        };
    }

    public static object? Multiply(object? a, object? b)
    {
        if ((a is GoTimeSpan || GoValues.IsNumber(a)) && (b is GoTimeSpan || GoValues.IsNumber(b)))
        {
            if (a is double || b is double)
            {
                return Scalar(a) * Scalar(b);
            }

            return a is GoTimeSpan || b is GoTimeSpan
                ? new GoTimeSpan(unchecked(Whole(a) * Whole(b)))
                : GoValues.Box(unchecked(GoValues.ToInt(a) * GoValues.ToInt(b)));
        }

        throw Undefined(a, "*", b);
    }

    public static object? Divide(object? a, object? b) =>
        GoValues.TryFloat(a, out var x) && GoValues.TryFloat(b, out var y) ? x / y : throw Undefined(a, "/", b);

    public static object? Modulo(object? a, object? b)
    {
        if (!GoValues.TryInteger(a, out var x) || !GoValues.TryInteger(b, out var y))
        {
            throw Undefined(a, "%", b);
        }

        return y switch
        {
            0 => throw new EvaluationFailure("runtime error: integer divide by zero"),
            // .NET refuses to divide the smallest integer by -1; nothing remains of such a division.
            -1 => GoValues.Box(0L),
            _ => GoValues.Box(x % y),
        };
    }

    public static object? Negate(object? value) => value switch
    {
        double d => -d,
        long i => GoValues.Box(unchecked(-i)),
        GoInt64 i => new GoInt64(unchecked(-i.Value)),
        byte i => GoValues.Box(unchecked((byte)-i)),
        _ => throw new EvaluationFailure($"invalid operation: - {GoValues.NameOfType(value)}"),
    };

    public static object? Absolute(object? value) => value switch
    {
        double d => d < 0 ? -d : d,
        long i => i < 0 ? Negate(i) : i,
        GoInt64 i => i.Value < 0 ? Negate(i) : i,
        byte => value,
        _ => throw new EvaluationFailure($"invalid argument for abs (type {GoValues.NameOfType(value)})"),
    };

    public static double Power(object? a, object? b) => Power(GoValues.ToFloat(a), GoValues.ToFloat(b));

    /// <summary>
    /// Whole exponents are raised by squaring, as Go does it: the last digit can differ from what <see cref="Math.Pow"/> gives,
    /// and a condition may ask for equality.
    /// </summary>
    public static double Power(double x, double y)
    {
        if (!double.IsFinite(x) || x == 0 || !(Math.Abs(y) < 1e15) || y != Math.Truncate(y))
        {
            return Math.Abs(y) == 0.5 && x is not double.NegativeInfinity ? Root(x, y) : Math.Pow(x, y);
        }

        var (result, resultScale) = (1.0, 0L);
        var scale = (long)Math.ILogB(x) + 1;
        var factor = Math.ScaleB(x, (int)-scale);
        for (var n = (long)Math.Abs(y); n != 0; n >>= 1)
        {
            if (Math.Abs(scale) > 4096)
            {
                // Out of any double's range: squaring on would only wrap the scale around.
                resultScale += scale;
                break;
            }

            if ((n & 1) == 1)
            {
                result *= factor;
                resultScale += scale;
            }

            factor *= factor;
            scale *= 2;
            if (factor < 0.5)
            {
                factor += factor;
                scale--;
            }
        }

        return y < 0 ? Scale(1 / result, -resultScale) : Scale(result, resultScale);
    }

    private static double Root(double x, double y) => y > 0 ? Math.Sqrt(x) : 1 / Math.Sqrt(x);

    private static double Scale(double value, long exponent) =>
        Math.ScaleB(value, (int)Math.Clamp(exponent, -100_000, 100_000));

    private static double Scalar(object? value) => value is GoTimeSpan d ? d.Nanoseconds : GoValues.ToFloat(value);

    private static long Whole(object? value) => value is GoTimeSpan d ? d.Nanoseconds : GoValues.ToInt(value);

    private static EvaluationFailure Undefined(object? a, string operation, object? b) =>
        new($"invalid operation: {GoValues.NameOfType(a)} {operation} {GoValues.NameOfType(b)}");
}
