using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Rollouts.Analysis.Expressions.Times;

namespace Rollouts.Analysis.Expressions.Values;

/// <summary>JSON as Go's encoding/json reads and writes it.</summary>
internal static class GoJson
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 1000 };

    public static object? Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(GoText.ToUnicode(text), Options);
            return Read(document.RootElement);
        }
        catch (JsonException e)
        {
            throw new EvaluationFailure($"invalid JSON: {e.Message}");
        }
    }

    public static object? Read(JsonElement element)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        switch (element.ValueKind)
        {
            case JsonValueKind.True or JsonValueKind.False:
                return GoValues.Box(element.ValueKind == JsonValueKind.True);
            case JsonValueKind.Number:
                return element.GetDouble() is var number && double.IsFinite(number)
                    ? number
                    : throw new EvaluationFailure($"cannot unmarshal number {element.GetRawText()} into a float64");
            case JsonValueKind.String:
                return ReadText(element);
            case JsonValueKind.Array:
                return GoSlice.Of([.. element.EnumerateArray().Select(Read)]);
            case JsonValueKind.Object:
                var map = new GoMap(GoType.StringMap);
                foreach (var property in element.EnumerateObject())
                {
                    map.Set(GoText.FromUnicode(property.Name), Read(property.Value));
                }

                return map;
            default:
                return null;
        }
    }

    /// <summary>The value as <c>json.MarshalIndent</c> writes it with two spaces.</summary>
    public static string Write(object? value, IMeter? meter = null)
    {
        var text = new BoundedText(meter: meter);
        Write(text, value, "\n");
        return text.ToString();
    }

    /// <summary>The value as <c>json.Marshal</c> writes it, without any blank.</summary>
    public static string WriteCompact(object? value)
    {
        var text = new BoundedText();
        Write(text, value, null);
        return text.ToString();
    }

    private static string ReadText(JsonElement element)
    {
        try
        {
            return GoText.FromUnicode(element.GetString()!);
        }
        catch (InvalidOperationException)
        {
            throw new EvaluationFailure("the JSON has text with half of a surrogate pair");
        }
    }

    private static void Write(BoundedText text, object? value, string? newLine)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        switch (value)
        {
            case null or GoSlice { IsNil: true }:
                text.Append("null");
                break;
            case bool or long or GoInt64 or byte:
                text.Append(GoFormat.Text(value));
                break;
            case double number when double.IsFinite(number):
                text.Append(GoNumbers.FormatJson(number));
                break;
            case string s:
                WriteText(text, s);
                break;
            case GoSlice slice when slice.Type == GoType.Bytes:
                text.Append($"\"{Convert.ToBase64String(GoText.ToBytes(slice.ToText()))}\"");
                break;
            case GoSlice slice:
                WriteMany(text, slice.Items, "[", "]", newLine, (item, inner) => Write(text, item, inner));
                break;
            case GoMap map when map.Type == GoType.StringMap:
                WriteMany(text, GoFormat.SortedPairs(map), "{", "}", newLine, (pair, inner) =>
                {
                    WriteText(text, (string)pair.Key!);
                    Write(text.Append(newLine is null ? ":" : ": "), pair.Value, inner);
                });
                break;
            case GoTime time:
                text.Step(TimeWriter.Cost);
                text.Append($"\"{TimeWriter.Write(time, TimeLayout.Rfc3339Nano)}\"");
                break;
            case GoTimeSpan duration:
                text.Append(duration.Nanoseconds.ToString(CultureInfo.InvariantCulture));
                break;
            case GoMonth month:
                text.Append(month.Number.ToString(CultureInfo.InvariantCulture));
                break;
            case GoWeekday weekday:
                text.Append(weekday.Number.ToString(CultureInfo.InvariantCulture));
                break;
            case GoZone:
                text.Append("{}");
                break;
            case double number:
                throw new EvaluationFailure($"json: unsupported value: {GoNumbers.Format(number)}");
            default:
                throw new EvaluationFailure($"json: unsupported type: {GoValues.NameOfType(value)}");
        }
    }

    private static void WriteMany<T>(
        BoundedText text, IEnumerable<T> items, string open, string close, string? newLine, Action<T, string?> write)
    {
        text.Append(open);
        var (isFirst, inner) = (true, newLine is null ? null : newLine + "  ");
        foreach (var item in items)
        {
            text.Append(isFirst ? "" : ",").Append(inner ?? "");
            write(item, inner);
            isFirst = false;
        }

        text.Append(isFirst ? "" : newLine ?? "").Append(close);
    }

    private static void WriteText(BoundedText text, string bytes)
    {
        text.Append("\"");
        foreach (var rune in GoText.Runes(bytes))
        {
            text.Append(rune.Value switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '\b' => "\\b",
                '\f' => "\\f",
                < ' ' or '<' or '>' or '&' or 0x2028 or 0x2029 =>
                    string.Create(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}"),
                _ => GoText.FromRune(rune),
            });
        }

        text.Append("\"");
    }
}
