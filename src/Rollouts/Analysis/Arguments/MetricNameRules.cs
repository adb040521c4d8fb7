using Rollouts.Analysis.Expressions.Patterns;
using Rollouts.Analysis.Expressions.Values;

namespace Rollouts.Analysis.Arguments;

/// <summary>
/// Rules that pick metrics by name: <c>dryRun</c> and <c>measurementRetention</c>. A rule is an unanchored regular expression of Go's and must match at least one
/// metric of the analysis; a template's rules reach the metrics of the templates beside it too, as in Argo. Of several that match the last one counts.
/// </summary>
internal static class MetricNameRules
{
    /// <param name="metrics">Changed in place.</param>
    /// <param name="owner">Whose rules: a template's key, or nothing for the analysis itself.</param>
    /// <param name="list">The list's name in the manifest.</param>
    /// <param name="rules">The expressions.</param>
    /// <param name="change">What rule number so does to a metric.</param>
    /// <param name="problems">Gets the rules that are none, or match nothing.</param>
    public static void Apply(
        Metric[] metrics, string owner, string list, IReadOnlyList<string> rules, Func<int, Metric, Metric> change, List<ArgumentProblem> problems)
    {
        for (int r = 0; r < rules.Count; r++)
        {
            string field = $"{list}[{r}]";
            GoRegex rule;
            try
            {
                rule = GoRegex.Compile(GoText.FromUnicode(rules[r]));
            }
            catch (EvaluationFailure e)
            {
                problems.Add(new ArgumentProblem(owner, null, field, $"{field}: '{rules[r]}' is no regular expression: {e.Message}"));
                continue;
            }

            bool matches = false;
            for (int m = 0; m < metrics.Length; m++)
            {
                if (rule.IsMatch(GoText.FromUnicode(metrics[m].Name)))
                {
                    matches = true;
                    metrics[m] = change(r, metrics[m]);
                }
            }

            if (!matches)
            {
                problems.Add(new ArgumentProblem(owner, null, field, $"{field}: Rule didn't match any metric name(s)"));
            }
        }
    }
}
