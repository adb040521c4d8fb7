namespace Rollouts.Analysis.Arguments;

/// <summary>Why the metrics of an analysis could not be made from its templates and arguments.</summary>
/// <param name="Template">The <see cref="TemplateReference.Key"/> of the template; empty for what stands in the step itself.</param>
/// <param name="Metric">The metric's name as the template writes it; null when the problem is none of a metric.</param>
/// <param name="Field">
/// Where, as the manifest names it: within the metric when there is one (<c>successCondition</c>, <c>provider.prometheus.query</c>),
/// else within the template's <c>spec</c> or the step (<c>args.service-name</c>, <c>dryRun[0]</c>).
/// </param>
/// <param name="Message">What is wrong and what is allowed; for a refused value it names argument, template, metric and field too.</param>
public sealed record ArgumentProblem(string Template, string? Metric, string Field, string Message);
