using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rollouts.Analysis.Expressions;

/// <summary>Reads the notation that measured values are stored in.</summary>
internal static partial class MetricNotation
{
    /// <summary>The one JSON type that a value is written with.</summary>
    public static JsonTypesContext JsonTypes => JsonTypesContext.Default;

    public static MetricValue Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var trimmed = text.AsSpan().Trim();
        if (TryParseNumber(trimmed, out var scalar))
        {
            return new ScalarValue(scalar);
        }

        if (TryParseVector(trimmed, out var values))
        {
            return new VectorValue(values);
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Number
                ? throw NoValue(1, 1)
                : new JsonValue(document.RootElement.Clone());
        }
        catch (JsonException e)
        {
            throw NoValue((int)(e.LineNumber ?? 0) + 1, (int)(e.BytePositionInLine ?? 0) + 1);
        }
    }

    private static ConditionException NoValue(int line, int column) => new(new ConditionProblem(
        "a measured value is a number that fits a double, NaN, +Inf, -Inf, an array of these, or JSON", line, column));

    private static bool TryParseVector(ReadOnlySpan<char> text, out ImmutableArray<double> values)
    {
        values = [];
        if (text is not ['[', .. var inner, ']'])
        {
            return false;
        }

        if (inner.IsWhiteSpace())
        {
            return true;
        }

        var numbers = ImmutableArray.CreateBuilder<double>();
        foreach (var range in inner.Split(','))
        {
            if (!TryParseNumber(inner[range].Trim(), out var number))
            {
                return false;
            }

            numbers.Add(number);
        }

        values = numbers.DrainToImmutable();
        return true;
    }

    private static bool TryParseNumber(ReadOnlySpan<char> text, out double number)
    {
        number = text switch
        {
            "NaN" => double.NaN,
            "+Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            _ => 0,
        };
        if (number != 0)
        {
            return true;
        }

        if (text is not [('-' or (>= '0' and <= '9')), ..])
        {
            return false;
        }

        try
        {
            // JSON's grammar, not .NET's, decides what a number is ("1." and "01" are none).
            using var document = JsonDocument.Parse(text.ToString());
            return document.RootElement.TryGetDouble(out number) && double.IsFinite(number);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    [JsonSerializable(typeof(JsonElement))]
    internal sealed partial class JsonTypesContext : JsonSerializerContext;
}
