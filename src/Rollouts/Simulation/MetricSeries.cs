using System.Text.Json;
using Rollouts.Analysis.Expressions;

namespace Rollouts.Simulation;

/// <summary>
/// Given values of metrics: what successive measurements return, by the metric's name. After the last value of a series that value is returned again.
/// </summary>
public sealed class MetricSeries
{
    private readonly IReadOnlyDictionary<string, IReadOnlyList<SeriesValue>> values;

    private MetricSeries(IReadOnlyDictionary<string, IReadOnlyList<SeriesValue>> values) => this.values = values;

    /// <summary>No values at all.</summary>
    public static MetricSeries Empty { get; } = new(new Dictionary<string, IReadOnlyList<SeriesValue>>());

    /// <summary>The metrics that have a series.</summary>
    public IEnumerable<string> Names => values.Keys;

    /// <summary>How many values a metric has; 0 when it has none.</summary>
    public int Length(string metric) => values.TryGetValue(metric, out IReadOnlyList<SeriesValue>? series) ? series.Count : 0;

    /// <summary>The value of a measurement, counted from 0; null when the metric has no series.</summary>
    public SeriesValue? At(string metric, int index) =>
        values.TryGetValue(metric, out IReadOnlyList<SeriesValue>? series) && series.Count > 0 ? series[Math.Min(index, series.Count - 1)] : null;

    /// <summary>
    /// Reads <c>{"metric": [0.01, [0.02, "NaN"], {"error": "text"}, [], "+Inf"], …}</c>. A number is a scalar, an array of numbers a vector; the texts
    /// <c>NaN</c>, <c>+Inf</c> and <c>-Inf</c> are those numbers; an object whose only member is <c>error</c> is a failed query; anything else is JSON.
    /// </summary>
    /// <exception cref="SeriesFormatException">Says where the text is not of that form.</exception>
    public static MetricSeries Parse(string json)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        }
        catch (JsonException problem)
        {
            throw new SeriesFormatException($"line {problem.LineNumber + 1}: not JSON: {problem.Message}");
        }

        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new SeriesFormatException("must be an object that maps each metric's name to a list of values");
            }

            var series = new Dictionary<string, IReadOnlyList<SeriesValue>>();
            foreach (JsonProperty metric in document.RootElement.EnumerateObject())
            {
                if (metric.Value.ValueKind != JsonValueKind.Array)
                {
                    throw new SeriesFormatException($"{metric.Name}: must be a list of values, one per measurement");
                }

                if (!series.TryAdd(metric.Name, [.. metric.Value.EnumerateArray().Select((v, i) => Value(metric.Name, i, v))]))
                {
                    throw new SeriesFormatException($"{metric.Name}: given twice");
                }
            }

            return new MetricSeries(series);
        }
    }

    private static SeriesValue Value(string metric, int index, JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Object
            && element.EnumerateObject().Count() == 1
            && element.TryGetProperty("error", out JsonElement error)
            && error.ValueKind == JsonValueKind.String)
        {
            return new SeriesValue(null, error.GetString());
        }

        string notation = element.ValueKind == JsonValueKind.Array
            ? $"[{string.Join(',', element.EnumerateArray().Select(Notation))}]"
            : Notation(element);
        try
        {
            return new SeriesValue(MetricValue.ParsePrometheusNotation(notation), null);
        }
        catch (ConditionException problem)
        {
            throw new SeriesFormatException($"{metric}[{index}]: {problem.Message}");
        }
    }

    private static string Notation(JsonElement element) =>
        element.ValueKind == JsonValueKind.String && element.GetString() is "NaN" or "+Inf" or "-Inf" ? element.GetString()! : element.GetRawText();
}

/// <summary>What one measurement returns: a value, or why there is none.</summary>
public sealed record SeriesValue(MetricValue? Value, string? Error);

/// <summary>Given values are not of the form that <see cref="MetricSeries.Parse"/> reads.</summary>
public sealed class SeriesFormatException(string message) : Exception(message);
