using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Rollouts.Analysis.Expressions;

namespace Rollouts.Prometheus;

/// <summary>Reads the <c>data</c> of a query's answer: numbers, with labels and times dropped.</summary>
internal static class PrometheusAnswer
{
    /// <summary>The answer of an unsupported type, in Argo's words.</summary>
    public const string UnsupportedType = "Prometheus metric type not supported";

    /// <exception cref="FormatException">The answer is not of the shape that Prometheus' API has; the message says what is wrong.</exception>
    public static MetricValue ReadValue(JsonElement root)
    {
        JsonElement data = Member(root, "data", JsonValueKind.Object);
        string type = Member(data, "resultType", JsonValueKind.String).GetString()!;
        JsonElement result = Member(data, "result", JsonValueKind.Array);
        return type switch
        {
            "scalar" => new ScalarValue(ReadPoint(result)),
            "vector" => new VectorValue(ReadVector(result)),
            "matrix" => new VectorValue(ReadMatrix(result)),
            _ => throw new FormatException($"{UnsupportedType} ({type}): a query must give a scalar, a vector or a matrix"),
        };
    }

    /// <summary>The texts of a list of the answer, for instance its warnings; what is no text is left out.</summary>
    public static IEnumerable<string> ReadTexts(JsonElement root, string name) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out JsonElement list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Where(t => t.ValueKind == JsonValueKind.String).Select(t => t.GetString()!)
            : [];

    /// <summary>A text of the answer, or null.</summary>
    public static string? ReadText(JsonElement root, string name) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out JsonElement text) && text.ValueKind == JsonValueKind.String
            ? text.GetString()
            : null;

    private static ImmutableArray<double> ReadVector(JsonElement result)
    {
        var values = ImmutableArray.CreateBuilder<double>(result.GetArrayLength());
        foreach (JsonElement series in result.EnumerateArray())
        {
            values.Add(ReadPoint(Member(WithoutHistogram(series, "histogram"), "value", JsonValueKind.Array)));
        }

        return values.DrainToImmutable();
    }

    private static ImmutableArray<double> ReadMatrix(JsonElement result)
    {
        var values = ImmutableArray.CreateBuilder<double>();
        foreach (JsonElement series in result.EnumerateArray())
        {
            foreach (JsonElement point in Member(WithoutHistogram(series, "histograms"), "values", JsonValueKind.Array).EnumerateArray())
            {
                values.Add(ReadPoint(point));
            }
        }

        return values.DrainToImmutable();
    }

    // A sample of a native histogram carries no number; taking it for 0 would be a verdict on nothing.
    private static JsonElement WithoutHistogram(JsonElement series, string name) =>
        series.ValueKind == JsonValueKind.Object && series.TryGetProperty(name, out _)
            ? throw new FormatException($"{UnsupportedType} (native histogram): reduce it to a number, for instance with histogram_quantile")
            : series;

    private static double ReadPoint(JsonElement point)
    {
        if (point.ValueKind != JsonValueKind.Array || point.GetArrayLength() != 2 || point[1].ValueKind != JsonValueKind.String)
        {
            throw new FormatException("a sample is not a time and a text");
        }

        string text = point[1].GetString()!;
        return text switch
        {
            "NaN" => double.NaN,
            "+Inf" or "Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            _ => double.TryParse(
                text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out double value)
                && double.IsFinite(value)
                    ? value
                    : throw new FormatException("a sample's value is no number"),
        };
    }

    private static JsonElement Member(JsonElement element, string name, JsonValueKind kind) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement member) && member.ValueKind == kind
            ? member
            : throw new FormatException($"'{name}' is missing or of another type than {kind}");
}
