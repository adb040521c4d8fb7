using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Rollouts.Analysis.Expressions.Values;

namespace Rollouts.Analysis.Expressions.Times;

/// <summary>A method of a type: what it takes besides its receiver, and what it gives.</summary>
internal sealed record GoMethod(GoSignature Signature, Func<object, object?[], object?> Body)
{
    private readonly GoType type = GoType.Func(Signature);

    public GoFunction Bind(object receiver) => new(type, arguments => Body(receiver, arguments));

    /// <summary>The type that a condition sees: that of a function without a receiver.</summary>
    public GoType Type => type;
}

/// <summary>The methods that values have: those of Go's time package, for no other type in a condition has any.</summary>
internal static class GoMethods
{
    private static readonly FrozenDictionary<string, GoMethod> OfTime = new Dictionary<string, GoMethod>
    {
        ["Add"] = Time(GoType.Time, (t, a) => t.Add((GoTimeSpan)a[0]!), GoType.Duration),
        ["AddDate"] = Time(
            GoType.Time, (t, a) => t.AddDate((long)a[0]!, (long)a[1]!, (long)a[2]!), GoType.Int, GoType.Int, GoType.Int),
        ["After"] = Time(GoType.Bool, (t, a) => GoValues.Box(t.CompareTo((GoTime)a[0]!) > 0), GoType.Time),
        ["Before"] = Time(GoType.Bool, (t, a) => GoValues.Box(t.CompareTo((GoTime)a[0]!) < 0), GoType.Time),
        ["Compare"] = Time(GoType.Int, (t, a) => GoValues.Box((long)t.CompareTo((GoTime)a[0]!)), GoType.Time),
        ["Clock"] = TimeOfMany([GoType.Int, GoType.Int, GoType.Int]),
        ["Date"] = TimeOfMany([GoType.Int, GoType.Month, GoType.Int]),
        ["Day"] = Time(GoType.Int, (t, _) => GoValues.Box((long)t.Date.Day)),
        ["Equal"] = Time(GoType.Bool, (t, a) => GoValues.Box(t.CompareTo((GoTime)a[0]!) == 0), GoType.Time),
        ["Format"] = Time(GoType.String, (t, a) => TimeWriter.Write(t, (string)a[0]!), GoType.String),
        ["Hour"] = Time(GoType.Int, (t, _) => GoValues.Box((long)t.Hour)),
        ["ISOWeek"] = TimeOfMany([GoType.Int, GoType.Int], t => GoValues.Box(t.IsoWeek().Year)),
        ["In"] = Time(GoType.Time, (t, a) => t with { Zone = (GoZone)a[0]! }, GoType.Location),
        ["IsZero"] = Time(GoType.Bool, (t, _) => GoValues.Box(t.IsZero)),
        ["Local"] = Time(GoType.Time, (t, _) => t with { Zone = GoZone.Utc }),
        ["Location"] = Time(GoType.Location, (t, _) => t.Zone),
        ["Minute"] = Time(GoType.Int, (t, _) => GoValues.Box((long)t.Minute)),
        ["Month"] = Time(GoType.Month, (t, _) => new GoMonth(t.Date.Month)),
        ["Nanosecond"] = Time(GoType.Int, (t, _) => GoValues.Box((long)t.Nanoseconds)),
        ["Round"] = Time(GoType.Time, (t, a) => t.ToMultiple((GoTimeSpan)a[0]!, true), GoType.Duration),
        ["Second"] = Time(GoType.Int, (t, _) => GoValues.Box((long)t.Second)),
        ["String"] = Time(GoType.String, (t, _) => t.ToString()),
        ["Sub"] = Time(GoType.Duration, (t, a) => t.Subtract((GoTime)a[0]!), GoType.Time),
        ["Truncate"] = Time(GoType.Time, (t, a) => t.ToMultiple((GoTimeSpan)a[0]!, false), GoType.Duration),
        ["UTC"] = Time(GoType.Time, (t, _) => t with { Zone = GoZone.Utc }),
        ["Unix"] = Time(GoType.Int64, (t, _) => new GoInt64(t.UnixSeconds)),
        ["UnixMicro"] = Time(GoType.Int64, (t, _) => UnixIn(t, GoTimeSpan.Microsecond)),
        ["UnixMilli"] = Time(GoType.Int64, (t, _) => UnixIn(t, GoTimeSpan.Millisecond)),
        ["UnixNano"] = Time(GoType.Int64, (t, _) => UnixIn(t, 1)),
        ["Weekday"] = Time(GoType.Weekday, (t, _) => t.Weekday),
        ["Year"] = Time(GoType.Int, (t, _) => GoValues.Box(t.Year)),
        ["YearDay"] = Time(GoType.Int, (t, _) => GoValues.Box((long)t.YearDay)),
        ["Zone"] = TimeOfMany([GoType.String, GoType.Int], t => t.Zone.AbbreviationAt(t.UnixSeconds)),
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, GoMethod> OfDuration = new Dictionary<string, GoMethod>
    {
        ["Abs"] = Duration(GoType.Duration, (d, _) => d.Absolute()),
        ["Hours"] = Duration(GoType.Float64, (d, _) => d.In(GoTimeSpan.Hour)),
        ["Microseconds"] = Duration(GoType.Int64, (d, _) => new GoInt64(d.Nanoseconds / GoTimeSpan.Microsecond)),
        ["Milliseconds"] = Duration(GoType.Int64, (d, _) => new GoInt64(d.Nanoseconds / GoTimeSpan.Millisecond)),
        ["Minutes"] = Duration(GoType.Float64, (d, _) => d.In(GoTimeSpan.Minute)),
        ["Nanoseconds"] = Duration(GoType.Int64, (d, _) => new GoInt64(d.Nanoseconds)),
        ["Round"] = Duration(GoType.Duration, (d, a) => d.Round((GoTimeSpan)a[0]!), GoType.Duration),
        ["Seconds"] = Duration(GoType.Float64, (d, _) => d.In(GoTimeSpan.Second)),
        ["String"] = Duration(GoType.String, (d, _) => d.ToString()),
        ["Truncate"] = Duration(GoType.Duration, (d, a) => d.Truncate((GoTimeSpan)a[0]!), GoType.Duration),
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, GoMethod> OfNamed = new Dictionary<string, GoMethod>
    {
        ["String"] = new(GoSignature.Of(GoType.String), (value, _) => value.ToString()),
    }.ToFrozenDictionary();

    public static bool TryFind(GoType type, string name, [NotNullWhen(true)] out GoMethod? method)
    {
        method = null;
        var methods = type == GoType.Time ? OfTime
            : type == GoType.Duration ? OfDuration
            : type == GoType.Month || type == GoType.Weekday || type == GoType.Location ? OfNamed
            : null;
        return methods is not null && methods.TryGetValue(name, out method);
    }

    public static bool TryBind(object? receiver, string name, [NotNullWhen(true)] out GoFunction? function)
    {
        function = receiver is not null && TryFind(GoValues.TypeOf(receiver)!, name, out var method)
            ? method.Bind(receiver)
            : null;
        return function is not null;
    }

    private static GoInt64 UnixIn(GoTime time, long unit) =>
        new(unchecked((time.UnixSeconds * (GoTimeSpan.Second / unit)) + (time.Nanoseconds / unit)));

    private static GoMethod Time(GoType output, Func<GoTime, object?[], object?> body, params ImmutableArray<GoType> inputs) =>
        new(GoSignature.Of(output, inputs), (receiver, arguments) => body((GoTime)receiver, arguments));

    // Of several results a condition sees the first one; of more than two Go's expr allows no call at all.
    private static GoMethod TimeOfMany(ImmutableArray<GoType> outputs, Func<GoTime, object?>? first = null) =>
        new(new GoSignature([], outputs), (receiver, _) => first?.Invoke((GoTime)receiver));

    private static GoMethod Duration(
        GoType output, Func<GoTimeSpan, object?[], object?> body, params ImmutableArray<GoType> inputs) =>
        new(GoSignature.Of(output, inputs), (receiver, arguments) => body((GoTimeSpan)receiver, arguments));
}
