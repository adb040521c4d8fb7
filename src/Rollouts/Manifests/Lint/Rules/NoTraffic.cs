using Rollouts.Manifests.Lint.PromQl;
using Rollouts.Policy;
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
        for (int i = 0; i < release.Steps.Count; i++)
        {
            LintedStep step = release.Steps[i];
            bool hasTraffic = weight > 0 || routes.Count > 0;
            if (release.Background is { } background
                && background.StartingStep == i
                && release.Policy.Background.StartOn == BackgroundStart.StartingStep
                && !hasTraffic
                && Requests(background.Metrics) is { } beside)
            {
                yield return new LintFinding(
                    release.Rollout!,
                    background.Place,
                    $"begins at step {i}, before the canary has traffic, so {Shown.Plain(beside.Name)} has nothing to measure; set startingStep to a step after the first setWeight");
            }

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
                case AnalysisStep when !hasTraffic && Requests(step.Metrics) is { } metric:
                    yield return new LintFinding(
                        release.Rollout!,
                        step.Place,
                        $"runs while the canary has no traffic, so {Shown.Plain(metric.Name)} has nothing to measure; put a setWeight or a setHeaderRoute before it");
                    break;
            }
        }
    }

    private static LintedMetric? Requests(IEnumerable<LintedMetric> metrics) =>
        metrics.FirstOrDefault(m => m.Query?.All<CallNode>().Any(c => c.IsRate()) == true);
}
