using System.Text.Json.Nodes;
using Rollouts.Kubernetes.Requests;
using Rollouts.Traffic;

namespace Rollouts.Kubernetes.Traffic;

/// <summary>A TraefikService that weighs the two services.</summary>
internal sealed class TraefikServicePart(TrafficTarget target, TraefikRouting routing)
    : RoutingPart(target, KubernetesResource.TraefikService, routing.WeightedService)
{
    private const int All = 100;

    public override void RequireSplittable(JsonObject live)
    {
        if (Service(live, Target.StableService) is null || Service(live, Target.CanaryService) is null || Services(live).Count() > 2)
        {
            throw Invalid($"does not weigh {Target.StableService} and {Target.CanaryService} (spec.weighted.services), these two and no other");
        }
    }

    public override JsonObject Write(JsonObject live, JsonObject? source, TrafficSplit split)
    {
        if (split.HeaderRoutes.Count > 0 || split.MirrorRoutes is not null)
        {
            throw Invalid("knows weights only: it can do neither header nor mirror routes");
        }

        JsonObject updated = live.Copy();
        Service(updated, Target.StableService)!["weight"] = All - split.CanaryWeight;
        Service(updated, Target.CanaryService)!["weight"] = split.CanaryWeight;
        return updated;
    }

    public override JsonObject Withdraw(JsonObject live)
    {
        JsonObject updated = live.Copy();
        if (Service(updated, Target.CanaryService) is not { } canary)
        {
            return updated;
        }

        if (Service(updated, Target.StableService) is { } stable)
        {
            stable["weight"] = All;
        }

        // Weights are relative: without the stable service others take what the canary had.
        if (Services(updated).Any(s => s != canary && JsonShape.Number(s["weight"]) != 0))
        {
            canary["weight"] = 0;
        }

        return updated;
    }

    public override string? Remainder(JsonObject withdrawn) =>
        Service(withdrawn, Target.CanaryService) is { } canary && JsonShape.Number(canary["weight"]) != 0
            ? $"leads to {Target.CanaryService} only: there is nothing to give the traffic to"
            : null;

    public override TrafficSplit Read(JsonObject live)
    {
        if (Service(live, Target.CanaryService) is not { } canary)
        {
            return TrafficSplit.None;
        }

        // A service without a weight has 1.
        long canaryWeight = JsonShape.Number(canary["weight"]) ?? 1;
        long stableWeight = Service(live, Target.StableService) is { } stable ? JsonShape.Number(stable["weight"]) ?? 1 : 0;
        return new TrafficSplit(canaryWeight == 0 ? 0 : (int)Math.Ceiling((double)canaryWeight * All / (canaryWeight + stableWeight)), []);
    }

    private static IEnumerable<JsonObject> Services(JsonObject live) => JsonShape.Objects((live.Part("spec")["weighted"] as JsonObject)?["services"]);

    private JsonObject? Service(JsonObject live, string name) => Services(live).FirstOrDefault(s =>
        JsonShape.Text(s["name"]) == name
        && (JsonShape.Text(s["kind"]) ?? "Service") == "Service"
        && (JsonShape.Text(s["namespace"]) ?? Namespace) == Namespace);
}
