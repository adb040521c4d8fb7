using Rollouts.Analysis;
using Rollouts.Manifests.Kinds;

namespace Rollouts.Manifests.Checks;

/// <summary>Warns of limits that Argo takes and that so few measurements can't exceed.</summary>
internal static class LimitWarnings
{
    public static void Add(LocatedMetric located, Metric metric, ProblemList problems)
    {
        int measurements = metric.Count is > 0 and int count ? count : metric.Interval is null ? 1 : int.MaxValue;
        string takes = measurements == 1 ? "takes one measurement" : $"takes {measurements} measurements";
        string cure = measurements == 1 ? "set interval and count" : "set a higher count or a lower limit";
        void Warn(string field, string consequence) =>
            problems.Warning(located.Text(field)?.Place ?? located.Place, $"{takes}, so {field} {consequence}; {cure}");

        if (metric.FailureLimit >= measurements)
            Warn("failureLimit", $"{metric.FailureLimit} can never be exceeded and the metric can't fail");
        if (metric.InconclusiveLimit >= measurements)
            Warn("inconclusiveLimit", $"{metric.InconclusiveLimit} can never be exceeded and an inconclusive metric passes");
        if (metric.ConsecutiveSuccessLimit > measurements)
            Warn("consecutiveSuccessLimit", $"{metric.ConsecutiveSuccessLimit} can never be reached and the metric can't succeed");
    }
}
