using Rollouts.Analysis.Arguments;
using Rollouts.Analysis.Expressions;
using Rollouts.Manifests.Kinds;

namespace Rollouts.Manifests.Checks;

/// <summary>Parses the conditions of a metric, so that one that is none shows before anything starts.</summary>
internal static class ConditionChecks
{
    // All that Prometheus gives: a scalar, or the values of a vector or matrix.
    private static readonly MetricValue Number = new ScalarValue(1);

    private static readonly MetricValue Vector = new VectorValue([1]);

    /// <param name="template">Whose metric.</param>
    /// <param name="metric">The metric.</param>
    /// <param name="stateOf">What is known of a field's text.</param>
    /// <param name="values">The arguments that have a value.</param>
    /// <param name="problems">Gets what is wrong.</param>
    public static void Check(
        LocatedTemplate template,
        LocatedMetric metric,
        Func<string, TextState> stateOf,
        IReadOnlyDictionary<string, string> values,
        ProblemList problems)
    {
        foreach (string field in new[] { "successCondition", "failureCondition" })
        {
            if (metric.Text(field) is not { Value.Length: > 0 } text)
                continue;
            string? condition = stateOf(field) switch
            {
                // A value that is refused is reported where the metric is read.
                TextState.Known => new MetricFilling(template.Key, metric.Metric.Name, values, []).Condition(field, text.Value),
                TextState.Open => Placeholders.Neutral(text.Value),
                _ => null,
            };
            if (condition is null)
                continue;
            if (!Condition.TryParse(condition, out Condition? parsed, out ConditionProblem? problem))
                Report(text, problem.Line, $"is no condition: {problem}", problems);
            else if (stateOf(field) == TextState.Known && metric.Metric.Web is null && parsed.Misfit(Number) is { } ofNumber && parsed.Misfit(Vector) is { } ofVector)
                Report(text, ofVector.Line, Explain(ofNumber, ofVector), problems);
        }
    }

    private static string Explain(ConditionProblem ofNumber, ConditionProblem ofVector) =>
        ofNumber == ofVector
            ? $"fits no result of Prometheus: {ofVector}"
            : $"fits no result of Prometheus: of a vector {ofVector}, of a single number {ofNumber}";

    private static void Report(LocatedText text, int line, string message, ProblemList problems) =>
        problems.Error(text.Place with { Line = text.Node.LineOf(line) }, Shown.Sentence(message));
}
