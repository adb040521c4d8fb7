using Rollouts.Analysis;
using Rollouts.Analysis.Arguments;
using Rollouts.Manifests.Kinds;

namespace Rollouts.Manifests.Checks;

/// <summary>
/// Checks a metric as far as the values of its arguments are known: that every text can be resolved, that what comes out is what the machine
/// takes (by the same code), and that its limits can be reached.
/// </summary>
internal static class MetricChecks
{
    private static readonly string[] Counts =
        ["interval", "count", "failureLimit", "inconclusiveLimit", "consecutiveErrorLimit", "consecutiveSuccessLimit"];

    /// <param name="template">Whose metric.</param>
    /// <param name="metric">The metric.</param>
    /// <param name="declared">The arguments that are declared.</param>
    /// <param name="values">Those of them that have a value.</param>
    /// <param name="problems">Gets what is wrong.</param>
    /// <returns>True when the metric takes measurements without end.</returns>
    public static bool Check(
        LocatedTemplate template,
        LocatedMetric metric,
        IReadOnlyCollection<string> declared,
        IReadOnlyDictionary<string, string> values,
        ProblemList problems)
    {
        Dictionary<string, TextState> states = metric.Texts.ToDictionary(t => t.Field, t => Placeholders.Examine(t, declared, values, problems));
        bool IsKnown(string field) => states.GetValueOrDefault(field) == TextState.Known;
        CheckAddress(metric, IsKnown, problems);
        CredentialChecks.Check(metric, values, problems);
        ConditionChecks.Check(template, metric, f => states.GetValueOrDefault(f), values, problems);

        bool countsKnown = Counts.All(IsKnown);
        var found = new List<ArgumentProblem>();
        var args = new MergedArguments(values, new Dictionary<string, SecretReference>());
        Metric? read = MetricReading.Read(template.Template, Readable(metric, IsKnown, countsKnown), args, new(""), found);
        foreach (ArgumentProblem problem in found.Where(p => p.Field != "name" || metric.Metric.Name.Length > 0))
            problems.Error(metric.At(problem.Field), Shown.Sentence(problem.Message));
        if (read is null || !countsKnown)
            return false;
        return read.Interval is not null && read.Count is null or 0;
    }

    // What is not known is put out of the way, so that the rest can be read.
    private static MetricTemplate Readable(LocatedMetric located, Func<string, bool> isKnown, bool countsKnown)
    {
        MetricTemplate metric = located.Metric;
        string? If(string field, string? value) => isKnown(field) ? value : null;
        MetricTemplate readable = metric with
        {
            Name = isKnown("name") ? metric.Name : "1",
            InitialDelay = If("initialDelay", metric.InitialDelay),
            SuccessCondition = If("successCondition", metric.SuccessCondition),
            FailureCondition = If("failureCondition", metric.FailureCondition),
            Prometheus = metric.Prometheus is { } query ? Readable(located, query, isKnown) : null,
            Web = metric.Web is { } web && located.Texts.Where(t => t.IsOfProvider).All(t => isKnown(t.Field)) ? web : null,
        };
        return countsKnown
            ? readable
            : readable with
            {
                Interval = If("interval", metric.Interval),
                Count = null,
                FailureLimit = null,
                InconclusiveLimit = null,
                ConsecutiveErrorLimit = null,
                ConsecutiveSuccessLimit = null,
            };
    }

    private static PrometheusQuery Readable(LocatedMetric located, PrometheusQuery query, Func<string, bool> isKnown)
    {
        const string Path = "provider.prometheus.";
        bool IsPartKnown(string part) =>
            located.Texts.Where(t => t.Field.StartsWith(Path + part, StringComparison.Ordinal)).All(t => isKnown(t.Field));
        return query with
        {
            // The address has been checked, by its parts; what comes from secrets is checked where all of the analysis is known.
            Address = null,
            Query = isKnown(Path + "query") ? query.Query : "1",
            Headers = [.. query.Headers.Where((_, i) => isKnown($"{Path}headers[{i}].value"))],
            Range = IsPartKnown("rangeQuery.") ? query.Range : null,
            BasicAuth = null,
            OAuth2 = null,
        };
    }

    private static void CheckAddress(LocatedMetric metric, Func<string, bool> isKnown, ProblemList problems)
    {
        const string Field = "provider.prometheus.address";
        if (metric.Text(Field) is not { HasPlaceholders: false } text || !isKnown(Field))
            return;
        if (!Uri.TryCreate(text.Value, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0)
            problems.Error(text.Place, "must be an http or https URL such as http://prometheus:9090");
        else if (uri.UserInfo.Length > 0)
            problems.Error(text.Place, "holds credentials, which belong to the operator's configuration of the address; remove them");
        else if (uri.Query.Length > 0 || uri.Fragment.Length > 0)
            problems.Error(text.Place, "must end with the path; a query or fragment is not supported");
    }
}
