using Rollouts.Analysis.Expressions.Times;
using Rollouts.Analysis.Expressions.Values;

namespace Rollouts.Analysis.Expressions.Functions;

/// <summary>now, date, duration and timezone.</summary>
internal static class TimeFunctions
{
    private static readonly string[] KnownLayouts =
    [
        "2006-01-02",
        "15:04:05",
        "2006-01-02 15:04:05",
        TimeLayout.Rfc3339,
        "02 Jan 06 15:04 MST",
        "Monday, 02-Jan-06 15:04:05 MST",
        "Mon, 02 Jan 2006 15:04:05 MST",
    ];

    public static IEnumerable<Builtin> All { get; } =
    [
        new("now", (a, run) => Now(a, run)) { Check = CheckNow },
        new("date", Date) { Check = CheckDate },
        new("duration", (a, run) => Duration(GoValues.ToText(a[0]), run))
        {
            Overloads = [GoSignature.Of(GoType.Duration, GoType.String)],
        },
        new("timezone", (a, run) => Zone(GoValues.ToText(a[0]), run))
        {
            Overloads = [GoSignature.Of(GoType.Location, GoType.String)],
        },
    ];

    private static GoType CheckNow(GoType?[] types) =>
        types.Length == 0 || (types.Length == 1 && types[0] == GoType.Location)
            ? GoType.Time
            : throw new EvaluationFailure($"invalid number of arguments (expected 0, got {types.Length})");

    private static GoTime Now(object?[] arguments, IRun run)
    {
        var now = GoTime.From(run.Now);
        return arguments.Length == 0 ? now : now with { Zone = (GoZone)arguments[0]! };
    }

    private static GoType CheckDate(GoType?[] types)
    {
        var count = types.Length > 0 && types[0] == GoType.Location ? types.Length - 1 : types.Length;
        return types.Length < 1
            ? throw new EvaluationFailure($"invalid number of arguments (expected at least 1, got {types.Length})")
            : count > 3
                ? throw new EvaluationFailure($"invalid number of arguments (expected at most 3, got {count})")
                : GoType.Time;
    }

    private static GoTime Date(object?[] arguments, IRun run)
    {
        // Trying all layouts in vain takes as long as some thousand other steps.
        run.Step(2_000);
        var zone = arguments[0] as GoZone;
        var texts = (zone is null ? arguments : arguments[1..]).Select(GoValues.ToText).ToArray();
        switch (texts.Length)
        {
            case 0:
                throw new EvaluationFailure("runtime error: index out of range [0] with length 0");
            case 2:
                return TimeParser.Parse(texts[1], texts[0], zone ?? GoZone.Utc);
            case 3:
                return TimeParser.Parse(texts[1], texts[0], GoZone.Load(texts[2]));
        }

        foreach (var layout in KnownLayouts)
        {
            try
            {
                return TimeParser.Parse(layout, texts[0], zone ?? GoZone.Utc);
            }
            catch (EvaluationFailure)
            {
                // Not written like this; the next layout is tried.
            }
        }

        throw new EvaluationFailure($"invalid date {texts[0]}");
    }

    private static GoZone Zone(string name, IRun run)
    {
        run.Step(20);
        return GoZone.Load(name);
    }

    private static GoTimeSpan Duration(string text, IRun run)
    {
        run.Step(10 + (2 * text.Length));
        return GoTimeSpan.Parse(text) ?? throw new EvaluationFailure($"time: invalid duration \"{text}\"");
    }
}
