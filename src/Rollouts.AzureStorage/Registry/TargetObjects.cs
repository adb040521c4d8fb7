using Rollouts.Traffic;

namespace Rollouts.AzureStorage.Registry;

/// <summary>
/// The cluster objects of a target. Two rollouts conflict when they share any of them, whatever the rollouts are called: an ingress that both split, a
/// service between whose versions both shift.
/// </summary>
internal static class TargetObjects
{
    public static IReadOnlyList<string> Of(TrafficTarget target) =>
    [
        .. target.Nginx.StableIngresses.Distinct(StringComparer.Ordinal).Select(i => $"{target.Namespace}|ingress|{i}"),
        .. new[] { target.StableService, target.CanaryService }.Distinct(StringComparer.Ordinal).Select(s => $"{target.Namespace}|service|{s}"),
        $"{target.Namespace}|rollout|{target.RolloutName}",
    ];
}
