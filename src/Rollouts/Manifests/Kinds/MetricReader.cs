using System.Globalization;
using Rollouts.Analysis;
using Rollouts.Manifests.Documents;
using Rollouts.Manifests.Fields;

namespace Rollouts.Manifests.Kinds;

/// <summary>Reads a metric. Limits and conditions are checked later, with the arguments filled in.</summary>
internal static class MetricReader
{
    private static readonly string[] Counts =
        ["count", "failureLimit", "inconclusiveLimit", "consecutiveErrorLimit", "consecutiveSuccessLimit"];

    private static readonly string[] Durations = ["interval", "initialDelay"];

    private static readonly string[] Others = ["name", "successCondition", "failureCondition"];

    public static LocatedMetric Read(FieldReader metric)
    {
        var texts = new List<LocatedText>();
        foreach (string field in Others)
        {
            if (metric.Text(field) is not null)
                texts.Add(LocatedText.Of(metric, field)!);
        }

        foreach (string field in Durations)
            ReadDuration(metric, field, texts);
        foreach (string field in Counts)
            ReadCount(metric, field, texts);
        metric.Require("name", "unique in the template");
        (PrometheusQuery? prometheus, WebQuery? web) = ProviderReader.Read(metric, texts);
        string? Value(string field) => texts.FirstOrDefault(t => t.Field == field)?.Value is { Length: > 0 } value ? value : null;
        var read = new MetricTemplate
        {
            Name = Value("name") ?? "",
            Interval = Value("interval"),
            InitialDelay = Value("initialDelay"),
            Count = Value("count"),
            SuccessCondition = Value("successCondition"),
            FailureCondition = Value("failureCondition"),
            FailureLimit = Value("failureLimit"),
            InconclusiveLimit = Value("inconclusiveLimit"),
            ConsecutiveErrorLimit = Value("consecutiveErrorLimit"),
            ConsecutiveSuccessLimit = Value("consecutiveSuccessLimit"),
            Prometheus = prometheus,
            Web = web,
        };
        return new LocatedMetric(metric.Place, read, texts);
    }

    private static void ReadDuration(FieldReader metric, string field, List<LocatedText> texts)
    {
        const string Allowed = "a Go duration such as 30s, 5m, 1h30m";
        if (metric.Scalar(field, Allowed) is not { } scalar)
            return;
        if (scalar.Kind == ScalarKind.Text)
            texts.Add(LocatedText.Of(metric, field)!);
        else
            metric.Problems.Error(metric.At(field), $"must be {Allowed}; found {scalar.Description}, write {Shown.Plain(scalar.Text)}s for seconds");
    }

    private static void ReadCount(FieldReader metric, string field, List<LocatedText> texts)
    {
        if (metric.Scalar(field, "a whole number") is not { } scalar)
            return;
        if (scalar.Kind == ScalarKind.Text)
            texts.Add(LocatedText.Of(metric, field)!);
        else if (PlainScalar.TryWhole(scalar.Text, out long number) && number is >= int.MinValue and <= int.MaxValue)
            texts.Add(new LocatedText(field, number.ToString(CultureInfo.InvariantCulture), metric.At(field), scalar));
        else
            metric.Problems.Error(metric.At(field), $"must be a whole number; found {scalar.Description}");
    }
}
