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
    public string Key => new TemplateReference(Template.Name, Template.ClusterScope).Key;

    public string Title => $"{(Template.ClusterScope ? DocumentKind.ClusterAnalysisTemplate : DocumentKind.AnalysisTemplate)} {Template.Name}";
}

/// <summary>An argument that a template declares.</summary>
internal sealed record LocatedArgument(TemplateArgument Argument, Place Place);

/// <summary>A metric and the texts that it is made of.</summary>
internal sealed record LocatedMetric(Place Place, MetricTemplate Metric, IReadOnlyList<LocatedText> Texts)
{
    /// <summary>The text of a field of the metric itself; null when it is not given.</summary>
    public LocatedText? Text(string field) => Texts.FirstOrDefault(t => t.Field == field);

    /// <summary>The line of a field, at the metric's path, where Argo reports what does not fit together.</summary>
    public Place At(string field) => Place with { Line = Text(field)?.Place.Line ?? Place.Line };
}

/// <summary>A text of a metric that may hold <c>{{args.NAME}}</c>.</summary>
/// <param name="Field">The field of the metric, or of its provider.</param>
/// <param name="Value">The text as written.</param>
/// <param name="Place">Where the field stands.</param>
/// <param name="Node">The value, which knows the lines of a text of several lines.</param>
internal sealed record LocatedText(string Field, string Value, Place Place, ScalarNode Node)
{
    public static LocatedText? Of(FieldReader reader, string field) =>
        reader.Given(field) is { Node: ScalarNode { Kind: ScalarKind.Text } node } element ? new LocatedText(field, node.Text, element.Place, node) : null;
}
