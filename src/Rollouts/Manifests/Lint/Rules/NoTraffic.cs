using Rollouts.Manifests.Lint.PromQl;
using Rollouts.Steps;

namespace Rollouts.Manifests.Lint.Rules;

/// <summary>An analysis of requests while the canary gets none.</summary>
internal sealed class NoTraffic : ILintRule
{
    public string Name => "no-traffic";

    public string Summary => "an analysis of requests before the canary gets any";

    public IEnumerable<LintFinding> Check(LintedRelease release)
    {
        int weight = 0;
        var routes = new HashSet<string>();
        foreach (LintedStep step in release.Steps)
        {
            switch (step.Step)
            {
                case SetWeightStep set:
                    weight = set.Weight;
                    break;
                case SetHeaderRouteStep { Match.Count: > 0 } route:
                    routes.Add(route.Name);
                    break;
                case SetHeaderRouteStep route:
                    routes.Remove(route.Name);
                    break;
                case SetWeightStep or PauseStep:
                    break;
                case AnalysisStep when weight == 0 && routes.Count == 0:
                    if (step.Metrics.FirstOrDefault(m => m.Query?.All<CallNode>().Any(c => c.IsRate()) == true) is { } metric)
                    {
                        yield return new LintFinding(
                            release.Rollout!,
                            step.Place,
                            $"runs while the canary has no traffic, so {Shown.Plain(metric.Name)} has nothing to measure; put a setWeight or a setHeaderRoute before it");
                    }

                    break;
            }
        }
    }
}
