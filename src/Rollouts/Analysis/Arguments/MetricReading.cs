using System.Globalization;

namespace Rollouts.Analysis.Arguments;

/// <summary>Makes a metric of a template's, its arguments filled in and its numbers and durations read.</summary>
internal static class MetricReading
{
    /// <summary>The metric, or null with problems added.</summary>
    public static Metric? Read(
        AnalysisTemplate template, MetricTemplate metric, IReadOnlyDictionary<string, string> args, List<ArgumentProblem> problems)
    {
        int before = problems.Count;
        var fields = new MetricFilling(ArgumentValues.KeyOf(template), metric.Name, args, problems);
        var read = new Metric
        {
            Name = fields.Text("name", metric.Name) ?? "",
            Interval = Duration(fields, "interval", "interval", metric.Interval),
            InitialDelay = Duration(fields, "initialDelay", "startDelay", metric.InitialDelay),
            Count = Number(fields, "count", metric.Count),
            SuccessCondition = fields.Condition("successCondition", metric.SuccessCondition),
            FailureCondition = fields.Condition("failureCondition", metric.FailureCondition),
            FailureLimit = Number(fields, "failureLimit", metric.FailureLimit) ?? 0,
            InconclusiveLimit = Number(fields, "inconclusiveLimit", metric.InconclusiveLimit) ?? 0,
            ConsecutiveErrorLimit = Number(fields, "consecutiveErrorLimit", metric.ConsecutiveErrorLimit),
            ConsecutiveSuccessLimit = Number(fields, "consecutiveSuccessLimit", metric.ConsecutiveSuccessLimit) ?? 0,
            Prometheus = Query(fields, metric.Prometheus),
        };
        if (problems.Count > before)
        {
            return null;
        }

        foreach ((string field, string message) in MetricLimits.Check(read))
        {
            fields.Report(field, message);
        }

        return problems.Count > before ? null : read;
    }

    private static PrometheusQuery Query(MetricFilling fields, PrometheusQuery query)
    {
        const string Path = "provider.prometheus";
        string? address = fields.Address($"{Path}.address", query.Address);
        if (!string.IsNullOrEmpty(address)
            && !(Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0))
        {
            fields.Report($"{Path}.address", "the address must be an http or https URL without user name and password");
        }

        var headers = new List<QueryHeader>();
        for (int i = 0; i < query.Headers.Count; i++)
        {
            string? key = fields.Text($"{Path}.headers[{i}].key", query.Headers[i].Key);
            string? value = fields.Text($"{Path}.headers[{i}].value", query.Headers[i].Value);
            if (key is not null && value is not null)
            {
                headers.Add(new QueryHeader(key, value));
            }
        }

        return query with { Address = address, Query = fields.Query($"{Path}.query", query.Query) ?? "", Headers = headers };
    }

    private static TimeSpan? Duration(MetricFilling fields, string field, string word, string? text)
    {
        // Argo takes an empty text for a field that is not given.
        if (fields.Text(field, text) is not { Length: > 0 } filled)
        {
            return null;
        }

        if (GoDuration.TryParse(filled, out TimeSpan duration))
        {
            return duration;
        }

        fields.Report(field, $"invalid {word} string: '{filled}' is no duration; write for instance 30s, 5m or 1h30m");
        return null;
    }

    private static int? Number(MetricFilling fields, string field, string? text)
    {
        if (fields.Text(field, text) is not { } filled)
        {
            return null;
        }

        if (int.TryParse(filled, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number))
        {
            return number;
        }

        fields.Report(field, $"{field} must be a whole number, but is '{filled}'");
        return null;
    }
}
