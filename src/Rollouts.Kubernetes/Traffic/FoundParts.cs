using System.Text.Json.Nodes;
using Rollouts.Traffic;

namespace Rollouts.Kubernetes.Traffic;

/// <summary>What the objects of a target hold together.</summary>
internal sealed class FoundParts
{
    private readonly IReadOnlyList<(RoutingPart Part, TrafficSplit Split)> splits;

    /// <param name="objects">Each part with its object, null when there is none: then nothing reaches the canary by it.</param>
    public FoundParts(IReadOnlyList<(RoutingPart Part, JsonObject? Object)> objects)
    {
        Objects = objects;
        List<(RoutingPart Part, TrafficSplit Split)> read = [.. objects.Select(o => (o.Part, o.Object is null ? TrafficSplit.None : o.Part.Read(o.Object)))];
        // A part that carries no routes has those of the others, so that it differs by its weight only.
        TrafficSplit routes = read.Where(r => r.Part.CarriesRoutes).Select(r => r.Split).FirstOrDefault(TrafficSplit.None);
        splits = [.. read.Select(r => r.Part.CarriesRoutes ? r : (r.Part, routes with { CanaryWeight = r.Split.CanaryWeight }))];
    }

    public IReadOnlyList<(RoutingPart Part, JsonObject? Object)> Objects { get; }

    /// <summary>The first part without its object.</summary>
    public RoutingPart? Missing => Objects.Where(o => o.Object is null).Select(o => o.Part).FirstOrDefault();

    /// <summary>Why the canary still gets traffic by objects that were withdrawn; null when it gets none.</summary>
    public PortException? Remainder => Objects
        .Select(o => o.Object is not null && o.Part.Remainder(o.Object) is { } why ? o.Part.Invalid(why) : null)
        .FirstOrDefault(remainder => remainder is not null);

    /// <summary>The split that gives the canary most.</summary>
    public TrafficSplit Greatest => splits.Select(s => s.Split).MaxBy(s => (s.CanaryWeight, s.HeaderRoutes.Count + (s.MirrorRoutes?.Count ?? 0)))!;

    /// <summary>The rollout from which the owner took one of the objects; null when none was taken.</summary>
    public string? TakenFrom => Objects.Select(o => o.Object is null ? null : TargetOwnership.TakenFrom(o.Object)).FirstOrDefault(former => former is not null);

    /// <summary>The owner that was heard of last; null when nobody owns any of the objects.</summary>
    public TargetHolder? Holder => Objects.Select(o => o.Object).OfType<JsonObject>().Where(o => TargetOwnership.OwnerOf(o) is not null)
        .OrderByDescending(o => TargetOwnership.RenewedAt(o) ?? DateTimeOffset.MaxValue)
        .Select(o => new TargetHolder(TargetOwnership.OwnerOf(o)!, TargetOwnership.RenewedAt(o), Greatest))
        .FirstOrDefault();

    /// <summary>A split that one of the objects holds and that is not the given one; null when all hold that.</summary>
    public TrafficSplit? OtherThan(TrafficSplit written) => splits.Select(s => s.Split).FirstOrDefault(s => !s.Equals(written));

    /// <summary>What each object holds when they don't agree.</summary>
    public string? Difference => splits.Select(s => s.Split).Distinct().Count() > 1
        ? string.Join(", ", splits.Select(s => $"`{s.Part.Name}` {s.Split}"))
        : null;
}
