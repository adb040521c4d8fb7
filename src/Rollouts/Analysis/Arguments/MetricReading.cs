using System.Globalization;

namespace Rollouts.Analysis.Arguments;

/// <summary>Makes a metric of a template's, its arguments filled in and its numbers and durations read.</summary>
internal static class MetricReading
{
    /// <summary>The metric, or null with problems added.</summary>
    public static Metric? Read(
        AnalysisTemplate template, MetricTemplate metric, MergedArguments args, ClusterNamespace ns, List<ArgumentProblem> problems)
    {
        int before = problems.Count;
        var fields = new MetricFilling(ArgumentValues.KeyOf(template), metric.Name, args.Values, problems) { Secrets = args.Secrets };
        var read = new Metric
        {
            Name = fields.Text("name", metric.Name, mayBeSecret: false) ?? "",
            Template = ArgumentValues.KeyOf(template),
            Interval = Duration(fields, "interval", "interval", metric.Interval),
            InitialDelay = Duration(fields, "initialDelay", "startDelay", metric.InitialDelay),
            Count = Number(fields, "count", metric.Count),
            SuccessCondition = fields.Condition("successCondition", metric.SuccessCondition),
            FailureCondition = fields.Condition("failureCondition", metric.FailureCondition),
            FailureLimit = Number(fields, "failureLimit", metric.FailureLimit) ?? 0,
            InconclusiveLimit = Number(fields, "inconclusiveLimit", metric.InconclusiveLimit) ?? 0,
            ConsecutiveErrorLimit = Number(fields, "consecutiveErrorLimit", metric.ConsecutiveErrorLimit),
            ConsecutiveSuccessLimit = Number(fields, "consecutiveSuccessLimit", metric.ConsecutiveSuccessLimit) ?? 0,
            Prometheus = metric.Prometheus is { } prometheus ? ProviderFilling.Fill(fields, prometheus) : null,
            Web = metric.Web is { } web ? ProviderFilling.Fill(fields, web) : null,
        };
        if (problems.Count > before)
        {
            return null;
        }

        foreach ((string field, string message) in MetricLimits.Check(read))
        {
            fields.Report(field, message);
        }

        return problems.Count > before ? null
            : fields.Deferred.Count == 0 ? read
            : read with { Secrets = SecretsOf(fields.Deferred, args, ns) };
    }

    private static MetricSecrets SecretsOf(IReadOnlyList<string> fields, MergedArguments args, ClusterNamespace ns) => new()
    {
        Namespace = ns.Name,
        Cluster = ns.Cluster,
        References = args.Secrets,
        Fields = fields,
        Values = args.Values,
    };

    private static TimeSpan? Duration(MetricFilling fields, string field, string word, string? text)
    {
        // Argo takes an empty text for a field that is not given.
        if (fields.Text(field, text, mayBeSecret: false) is not { Length: > 0 } filled)
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
        if (fields.Text(field, text, mayBeSecret: false) is not { } filled)
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
