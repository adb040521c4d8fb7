using System.Text.RegularExpressions;

namespace Rollouts.Analysis.Arguments;

/// <summary>
/// Marks the metrics whose verdict does not count. A rule is an unanchored regular expression on a metric's name and must match at least one
/// metric of the analysis; a template's rules reach the metrics of the templates beside it too, as in Argo.
/// </summary>
internal static class DryRunRules
{
    public static void Apply(Metric[] metrics, string owner, IReadOnlyList<string> rules, List<ArgumentProblem> problems)
    {
        for (int r = 0; r < rules.Count; r++)
        {
            string field = $"dryRun[{r}]";
            Regex rule;
            try
            {
                rule = new Regex(rules[r], RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
            }
            catch (Exception e) when (e is ArgumentException or NotSupportedException)
            {
                problems.Add(new ArgumentProblem(owner, null, field, $"{field}: '{rules[r]}' is no regular expression: {e.Message}"));
                continue;
            }

            bool matches = false;
            for (int m = 0; m < metrics.Length; m++)
            {
                if (rule.IsMatch(metrics[m].Name))
                {
                    matches = true;
                    metrics[m] = metrics[m] with { DryRun = true };
                }
            }

            if (!matches)
            {
                problems.Add(new ArgumentProblem(owner, null, field, $"{field}: Rule didn't match any metric name(s)"));
            }
        }
    }
}
