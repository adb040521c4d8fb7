using Rollouts.Analysis;
using Rollouts.Manifests.Documents;
using Rollouts.Manifests.Fields;

namespace Rollouts.Manifests.Kinds;

/// <summary>A template as far as it could be read, with the places that later checks speak of.</summary>
internal sealed record LocatedTemplate(
    Place Place,
    string? Namespace,
    AnalysisTemplate Template,
    IReadOnlyList<LocatedArgument> Args,
    IReadOnlyList<LocatedMetric> Metrics,
    IReadOnlyList<LocatedRule> DryRun)
{
    public IReadOnlyList<LocatedRule> Retention { get; init; } = [];

    /// <summary>The templates that this one nests.</summary>
    public IReadOnlyList<(TemplateReference Reference, Place Place)> Nested { get; init; } = [];

    public string Key => new TemplateReference(Template.Name, Template.ClusterScope).Key;

    public string Title => $"{(Template.ClusterScope ? DocumentKind.ClusterAnalysisTemplate : DocumentKind.AnalysisTemplate)} {Template.Name}";
}

/// <summary>An argument that a template declares.</summary>
internal sealed record LocatedArgument(TemplateArgument Argument, Place Place);

/// <summary>A metric and the texts that it is made of.</summary>
internal sealed record LocatedMetric(Place Place, MetricTemplate Metric, IReadOnlyList<LocatedText> Texts)
{
    /// <summary>The text of a field; null when it is not given.</summary>
    public LocatedText? Text(string field) => Texts.FirstOrDefault(t => t.Field == field);

    /// <summary>
    /// Where a problem with a field belongs: the field itself when it holds arguments or is the provider's, otherwise the metric, which is
    /// where Argo reports limits that do not agree; in both cases with the field's line.
    /// </summary>
    public Place At(string field) => Text(field) switch
    {
        null => Place,
        var text when text.IsOfProvider || text.HasPlaceholders => text.Place,
        var text => Place with { Line = text.Place.Line },
    };
}

/// <summary>A text of a metric that may hold <c>{{args.NAME}}</c>.</summary>
/// <param name="Field">The field as the manifest names it within the metric, for instance <c>provider.prometheus.query</c>.</param>
/// <param name="Value">The text as written.</param>
/// <param name="Place">Where the field stands.</param>
/// <param name="Node">The value, which knows the lines of a text of several lines.</param>
internal sealed record LocatedText(string Field, string Value, Place Place, ScalarNode Node)
{
    public bool HasPlaceholders => Value.Contains("{{", StringComparison.Ordinal);

    public bool IsOfProvider => Field.StartsWith("provider.", StringComparison.Ordinal);

    /// <summary>The text of a field; null when it is no text, which has been reported.</summary>
    /// <param name="reader">Whose field.</param>
    /// <param name="name">The field's name.</param>
    /// <param name="prefix">What stands before the name within the metric.</param>
    public static LocatedText? Of(FieldReader reader, string name, string prefix = "") =>
        reader.Given(name) is { Node: ScalarNode { Kind: ScalarKind.Text } node } element
            ? new LocatedText(prefix + name, node.Text, element.Place, node)
            : null;
}
