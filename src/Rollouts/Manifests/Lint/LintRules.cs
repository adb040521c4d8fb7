using Rollouts.Manifests.Lint.Rules;

namespace Rollouts.Manifests.Lint;

/// <summary>All rules.</summary>
internal static class LintRules
{
    public static IReadOnlyList<ILintRule> All { get; } =
    [
        new VanishingNumerator(),
        new NoDataAsValue(),
        new ResultType(),
        new NoCondition(),
        new NoGreyZone(),
        new LimitAboveCount(),
        new ShareThreshold(),
        new QuantileCeiling(),
        new QuantileWithoutBuckets(),
        new CounterWithoutRate(),
        new WindowTooShort(),
        new PauseShorterThanWindow(),
        new NoCanarySelector(),
        new NoTraffic(),
        new WeightGoesDown(),
        new LastStepBelowFull(),
        new SilentNoData(),
    ];

    /// <summary>Warns of what the rules find and no annotation silences.</summary>
    public static void Run(LintedRelease release, ProblemList problems)
    {
        foreach (ILintRule rule in All)
        {
            foreach (LintFinding finding in rule.Check(release))
            {
                if (!release.IsIgnored(finding.Document, rule.Name))
                    problems.Warning(finding.Place, finding.Message, rule.Name);
            }
        }
    }
}
