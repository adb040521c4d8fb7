using Rollouts.Analysis.Expressions;
using Rollouts.Manifests.Lint.PromQl;

namespace Rollouts.Manifests.Lint.Rules;

/// <summary>A condition that does not fit what its query gives: <c>result</c> of a vector, <c>result[0]</c> of a single number.</summary>
internal sealed class ResultType : ILintRule
{
    private static readonly MetricValue Number = new ScalarValue(1);

    private static readonly MetricValue Vector = new VectorValue([1]);

    public string Name => "result-type";

    public string Summary => "`result` of a query that gives a vector, or `result[0]` of one that gives a single number";

    public IEnumerable<LintFinding> Check(LintedRelease release)
    {
        foreach (LintedMetric metric in release.Metrics.Where(m => m.Query is not (null or TextNode)))
        {
            bool isNumber = metric.GivesNumber;
            foreach ((Condition condition, Place place) in metric.Conditions)
            {
                if (condition.Misfit(isNumber ? Number : Vector) is { } misfit && condition.Misfit(isNumber ? Vector : Number) is null)
                    yield return new LintFinding(metric.Document, place, Message(isNumber, misfit));
            }
        }
    }

    private static string Message(bool isNumber, ConditionProblem misfit) => isNumber
        ? $"can't be evaluated: the query gives a single number, not a vector; write result in place of result[0] ({Shown.Sentence(misfit.ToString())})"
        : $"can't be evaluated: the query gives a vector; write result[0] for its first value ({Shown.Sentence(misfit.ToString())})";
}
