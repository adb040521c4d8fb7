using Rollouts.Analysis.Expressions.Patterns;
using Rollouts.Analysis.Expressions.Values;
using Rollouts.Manifests.Fields;

namespace Rollouts.Manifests.Kinds;

/// <summary>Reads rules that pick metrics by name: <c>dryRun</c> and <c>measurementRetention</c>.</summary>
internal static class MetricRuleReader
{
    private const int LongestPattern = 200;

    private const int MostKept = 50;

    public static IReadOnlyList<LocatedRule> ReadDryRun(FieldReader owner, FieldSet fields) => Read(owner, "dryRun", "Dry-Run", fields);

    public static IReadOnlyList<LocatedRule> ReadRetention(FieldReader owner, FieldSet fields) =>
        Read(owner, "measurementRetention", "Measurement Retention", fields);

    private static List<LocatedRule> Read(FieldReader owner, string list, string title, FieldSet fields)
    {
        var rules = new List<LocatedRule>();
        foreach (FieldReader rule in owner.Objects(list, fields))
        {
            long limit = list == "measurementRetention" && rule.Require("limit", "how many measurements are kept")
                ? rule.Integer("limit", 0, MostKept) ?? 0
                : 0;
            if (!rule.Require("metricName", "a metric's name, or an unanchored regular expression") || rule.Text("metricName") is not { } pattern)
                continue;
            if (Compile(pattern) is null)
                rule.Problems.Error(rule.At("metricName"), $"{Shown.Text(pattern)} is no regular expression of at most {LongestPattern} characters as Go reads them");
            else if (rules.Any(r => r.MetricName == pattern))
                rule.Problems.Error(rule.At("metricName"), $"two {title} metric rules have the same name '{Shown.Plain(pattern)}'");
            else
                rules.Add(new LocatedRule(pattern, rule.Place, (int)limit));
        }

        return rules;
    }

    public static bool Matches(string pattern, string metricName) => Compile(pattern)?.IsMatch(GoText.FromUnicode(metricName)) ?? false;

    private static GoRegex? Compile(string pattern)
    {
        if (pattern.Length > LongestPattern)
            return null;
        try
        {
            return GoRegex.Compile(GoText.FromUnicode(pattern));
        }
        catch (EvaluationFailure)
        {
            return null;
        }
    }
}
