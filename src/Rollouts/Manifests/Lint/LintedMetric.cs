using System.Globalization;
using Rollouts.Analysis.Arguments;
using Rollouts.Analysis.Expressions;
using Rollouts.Manifests.Checks;
using Rollouts.Manifests.Kinds;
using Rollouts.Manifests.Lint.PromQl;

namespace Rollouts.Manifests.Lint;

/// <summary>A metric with its arguments filled in as far as they have values.</summary>
internal sealed class LintedMetric
{
    private const string QueryField = "provider.prometheus.query";

    private readonly LocatedTemplate template;
    private readonly LocatedMetric located;
    private readonly IReadOnlyDictionary<string, string> values;
    private string filledQuery = "";

    public LintedMetric(LocatedTemplate template, LocatedMetric located, IReadOnlyDictionary<string, string> values)
    {
        this.template = template;
        this.located = located;
        this.values = values;
        Query = ParseQuery();
        Success = ParseCondition("successCondition");
        Failure = ParseCondition("failureCondition");
    }

    /// <summary>Its verdict does not count.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>The Service of the version that is tried; null when there is no Rollout.</summary>
    public string? CanaryService { get; init; }

    public required TimeSpan ScrapeInterval { get; init; }

    public Place Document => template.Place;

    public Place Place => located.Place;

    public string Name => located.Metric.Name;

    /// <summary>The query; null when it is not PromQL, or can't be read.</summary>
    public PromQlNode? Query { get; }

    /// <summary>Whether the query gives one number without labels: not over a range, which gives many.</summary>
    public bool GivesNumber => Query is { IsScalar: true } && located.Metric.Prometheus?.Range is null;

    /// <summary>The condition; null when it is not given, or an argument in it has no value.</summary>
    public Condition? Success { get; }

    /// <inheritdoc cref="Success"/>
    public Condition? Failure { get; }

    /// <summary>The conditions that are given and known, with their places.</summary>
    public IEnumerable<(Condition Condition, Place Place)> Conditions =>
        new[] { (Success, Of("successCondition")), (Failure, Of("failureCondition")) }
            .Where(c => c.Item1 is not null).Select(c => (c.Item1!, c.Item2));

    public bool Has(string field) => located.Text(field) is { Value.Length: > 0 };

    /// <summary>Where a field stands, or would.</summary>
    public Place Of(string field) => located.Text(field)?.Place ?? located.Place;

    /// <summary>Where a part of the query stands.</summary>
    public Place Of(PromQlNode node)
    {
        LocatedText text = located.Text(QueryField)!;
        int line = 1 + filledQuery.AsSpan(0, node.At).Count('\n');
        return text.Place with { Line = text.Node.LineOf(line) };
    }

    /// <summary>A number that is given.</summary>
    /// <param name="field">The field's name.</param>
    /// <param name="number">Null when it is not given.</param>
    /// <returns>False when an argument in it has no value.</returns>
    public bool TryNumber(string field, out int? number)
    {
        number = null;
        if (!Has(field))
            return true;
        if (Filled(field) is not { } text || !int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value))
            return false;
        number = value;
        return true;
    }

    /// <summary>A duration; null when it is not given or not known.</summary>
    public TimeSpan? Duration(string field) => Filled(field) is { } text && GoDuration.TryParse(text, out TimeSpan duration) ? duration : null;

    private string? Filled(string field) =>
        located.Text(field) is { Value.Length: > 0 } text ? new MetricFilling(template.Key, Name, values, []).Text(field, text.Value) : null;

    private Condition? ParseCondition(string field) =>
        located.Text(field) is { Value.Length: > 0 } text
        && new MetricFilling(template.Key, Name, values, []).Condition(field, text.Value) is { } filled
        && Condition.TryParse(filled, out Condition? parsed, out _)
            ? parsed
            : null;

    private PromQlNode? ParseQuery()
    {
        if (located.Text(QueryField) is not { } text || !TemplateText.TryParse(text.Value, out TemplateText? parsed, out _))
            return null;
        string?[] given = [.. parsed.Placeholders.Select(p => values.GetValueOrDefault(p.Trim().Replace("args.", "", StringComparison.Ordinal)))];
        foreach (string[] filling in StandIns.For(given))
        {
            string query = parsed.Fill(filling, out IReadOnlyList<Range> places);
            if (PromQlParser.Parse(query, [.. places.Where((_, i) => given[i] is null)]) is not { } read)
                continue;
            filledQuery = query;
            return read;
        }

        return null;
    }
}
