using Rollouts.Traffic;

namespace Rollouts.AzureStorage.Registry;

/// <summary>
/// The cluster objects of a target. Two rollouts conflict when they share any of them, whatever the rollouts are called: an ingress that both split, a
/// service between whose versions both shift.
/// </summary>
internal static class TargetObjects
{
    public static IReadOnlyList<string> Of(TrafficTarget target) => [.. target.Objects().Select(o => o.Key('|'))];
}
