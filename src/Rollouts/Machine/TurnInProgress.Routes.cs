using Rollouts.Journal;
using Rollouts.Steps;
using Rollouts.Traffic;

namespace Rollouts.Machine;

/// <summary>Header and mirror routes.</summary>
internal sealed partial class TurnInProgress
{
    private TrafficSplit With(TrafficSplit split, SetHeaderRouteStep set)
    {
        IEnumerable<HeaderRoute> others = split.HeaderRoutes.Where(r => r.Name != set.Name);
        return split with
        {
            HeaderRoutes = set.Match.Count == 0 ? [.. others] : InOrder([.. others, new HeaderRoute(set.Name, set.Match, set.AnyMatch)], r => r.Name),
        };
    }

    private TrafficSplit With(TrafficSplit split, SetMirrorRouteStep set)
    {
        IEnumerable<MirrorRoute> others = (split.MirrorRoutes ?? []).Where(r => r.Name != set.Name);
        return split with
        {
            MirrorRoutes = set.Match.Count == 0 ? [.. others] : InOrder([.. others, new MirrorRoute(set.Name, set.Match, set.Percentage)], r => r.Name),
        };
    }

    /// <summary>As <c>managedRoutes</c> has them; without it, in the order in which they were set.</summary>
    private T[] InOrder<T>(IReadOnlyList<T> routes, Func<T, string> name) =>
        rollout.Release.Target.ManagedRoutes is { } managed ? [.. routes.OrderBy(r => managed.Index().FirstOrDefault(m => m.Item == name(r)).Index)] : [.. routes];

    private void RecordRoutes(TrafficSplit before, TrafficSplit after)
    {
        if (!before.HeaderRoutes.SequenceEqual(after.HeaderRoutes))
        {
            Record(
                EventType.HeaderRouteUpdated,
                after.HeaderRoutes.Count == 0
                    ? "No header route is in force"
                    : $"Header routes in force: {string.Join("; ", after.HeaderRoutes.Select(r => $"{r.Name} ({string.Join(r.AnyMatch ? " or " : ", ", r.Match)})"))}");
        }

        if (!(before.MirrorRoutes ?? []).SequenceEqual(after.MirrorRoutes ?? []))
        {
            Record(
                EventType.MirrorRouteUpdated,
                after.MirrorRoutes is null
                    ? "No request is copied to the canary"
                    : $"Requests copied to the canary: {string.Join("; ", after.MirrorRoutes.Select(r => $"{r.Name} ({r.Percentage} % of {string.Join(", or ", r.Match)})"))}");
        }
    }
}
