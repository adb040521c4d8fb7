using System.Globalization;
using System.Runtime.CompilerServices;
using Rollouts.Analysis.Expressions.Times;

namespace Rollouts.Analysis.Expressions.Values;

/// <summary>Values as Go's <c>%v</c> writes them, which is what <c>string(x)</c> gives.</summary>
internal static class GoFormat
{
    public static string Text(object? value, IMeter? meter = null)
    {
        var text = new BoundedText(meter: meter);
        text.Step(4);
        Write(text, value);
        return text.ToString();
    }

    /// <summary>The value in a message: of what is too large for one, only its type.</summary>
    public static string Brief(object? value)
    {
        try
        {
            var text = new BoundedText(200);
            Write(text, value);
            return text.ToString();
        }
        catch (EvaluationFailure)
        {
            return GoValues.NameOfType(value);
        }
    }

    /// <summary>The text between quotes, as Go's <c>%q</c> writes it.</summary>
    public static string Quote(string text) => $"\"{text
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal)
        .Replace("\t", "\\t", StringComparison.Ordinal)}\"";

    private static void Write(BoundedText text, object? value)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        switch (value)
        {
            case GoSlice slice:
                WriteMany(text.Append("["), slice.Items, item => Write(text, item));
                text.Append("]");
                break;
            case GoMap map:
                WriteMany(text.Append("map["), SortedPairs(map), pair =>
                {
                    Write(text, pair.Key);
                    Write(text.Append(":"), pair.Value);
                });
                text.Append("]");
                break;
            case GoTime:
                text.Step(TimeWriter.Cost);
                text.Append(Scalar(value));
                break;
            default:
                text.Append(Scalar(value));
                break;
        }
    }

    private static void WriteMany<T>(BoundedText text, IEnumerable<T> items, Action<T> write)
    {
        var isFirst = true;
        foreach (var item in items)
        {
            text.Append(isFirst ? "" : " ");
            write(item);
            isFirst = false;
        }
    }

    private static string Scalar(object? value) => value switch
    {
        null => "<nil>",
        bool b => b ? "true" : "false",
        double d => GoNumbers.FormatValue(d),
        long i => i.ToString(CultureInfo.InvariantCulture),
        GoInt64 i => i.Value.ToString(CultureInfo.InvariantCulture),
        byte i => i.ToString(CultureInfo.InvariantCulture),
        GoFunction => "0x0",
        _ => value.ToString()!,
    };

    /// <summary>A map's entries in the order in which Go prints them: numbers before texts, each ascending.</summary>
    public static IEnumerable<(object? Key, object? Value)> SortedPairs(GoMap map) => map.Pairs
        .OrderBy(pair => pair.Key switch
        {
            null => 0,
            _ when GoValues.IsNumber(pair.Key) => 1,
            string => 2,
            _ => 3,
        })
        .ThenBy(pair => GoValues.TryFloat(pair.Key, out var number) ? number : 0)
        .ThenBy(pair => pair.Key as string, StringComparer.Ordinal);
}
