using System.Text.Json.Nodes;
using Rollouts.Kubernetes.Requests;
using Rollouts.Traffic;

namespace Rollouts.Kubernetes.Traffic;

/// <summary>
/// A route of the Gateway API. Its rules that lead to both services get the weights; header and mirror routes are copies of these rules put before all
/// others, with filters and timeouts of the rule that they copy.
/// </summary>
/// <remarks>
/// Of rules that match a request the Gateway API takes the one with the most header matches, so that a copy always goes before its original; between
/// two routes of ours the order decides only where they compare equally many headers.
/// </remarks>
internal sealed class GatewayRoutePart(TrafficTarget target, GatewayRoute route, bool isGrpc)
    : RoutingPart(target, isGrpc ? KubernetesResource.GrpcRoute : KubernetesResource.HttpRoute, route.Name)
{
    public override bool CarriesRoutes => route.UseHeaderRoutes;

    public override void RequireSplittable(JsonObject live)
    {
        JsonObject[] sources = [.. SourcesOf(live)];
        if (sources.Length == 0)
        {
            throw Invalid($"has no rule whose backends are {Target.StableService} and {Target.CanaryService}; name both as backendRefs");
        }

        if (sources.FirstOrDefault(r => JsonShape.Objects(r["backendRefs"]).Count() > 2) is not null)
        {
            throw Invalid($"has a rule with other backends beside {Target.StableService} and {Target.CanaryService}; their weights would shrink the canary's");
        }
    }

    public override JsonObject Write(JsonObject live, JsonObject? source, TrafficSplit split)
    {
        JsonObject updated = live.Copy();
        JsonObject[] rules = [.. UserRules(updated)];
        JsonObject[] sources = [.. rules.Where(IsSource)];
        foreach (JsonObject rule in sources)
        {
            Backend(rule, Target.StableService)!["weight"] = Target.MaxWeight - split.CanaryWeight;
            Backend(rule, Target.CanaryService)!["weight"] = split.CanaryWeight;
        }

        GatewayRules ours = new(this, Target);
        IEnumerable<JsonObject> managed = ManagedRoutes.Of(split, Target).SelectMany((r, order) => sources.Select((rule, copy) => ours.Copy(rule, r, order, copy)));
        updated.Part("spec")["rules"] = new JsonArray([.. managed.Concat(rules).Select(r => r.DeepClone())]);
        ManagedRoutes.Write(updated, split);
        return updated;
    }

    public override JsonObject Withdraw(JsonObject live)
    {
        JsonObject updated = Write(live, null, TrafficSplit.None);
        foreach (JsonObject rule in JsonShape.Objects(updated.Part("spec")["rules"]))
        {
            // Weights are relative: beside the stable service, or in its place, other backends take what the canary had.
            if (Backend(rule, Target.CanaryService) is { } canary && JsonShape.Objects(rule["backendRefs"]).Any(b => b != canary && JsonShape.Number(b["weight"]) != 0))
            {
                canary["weight"] = 0;
            }
        }

        return updated;
    }

    public override string? Remainder(JsonObject withdrawn)
    {
        if (SourcesOf(withdrawn).Any())
        {
            return null;
        }

        return UserRules(withdrawn).Any(r => Backend(r, Target.CanaryService) is { } canary && JsonShape.Number(canary["weight"]) != 0)
            ? $"has a rule that leads to {Target.CanaryService} and none to {Target.StableService} any more: there is nothing to give the traffic to"
            : null;
    }

    public override TrafficSplit Read(JsonObject live)
    {
        TrafficSplit listed = ManagedRoutes.Read(live);
        JsonObject[] rules = [.. JsonShape.Objects(live.Part("spec")["rules"])];
        JsonObject[] sources = [.. SourcesOf(live)];
        int weight = sources.Select(WeightOf).DefaultIfEmpty(0).Max();
        GatewayRules ours = new(this, Target);
        bool Stands(ManagedRoute route, int order) => sources.Length > 0 && sources.Index().All(s => rules.Any(rule => ours.Is(rule, s.Item, route, order, s.Index)));
        string[] standing = [.. ManagedRoutes.Of(listed, Target).Where(Stands).Select(r => r.Name)];
        return new TrafficSplit(weight, [.. listed.HeaderRoutes.Where(r => standing.Contains(r.Name))])
        {
            MirrorRoutes = [.. (listed.MirrorRoutes ?? []).Where(r => standing.Contains(r.Name))],
        };
    }

    public override string? Pending(JsonObject live, bool withdrawn) => RouteStatus.Pending(live, withdrawn);

    internal JsonObject? Backend(JsonObject rule, string service) => JsonShape.Objects(rule["backendRefs"]).FirstOrDefault(b =>
        JsonShape.Text(b["name"]) == service
        && (JsonShape.Text(b["kind"]) ?? "Service") == "Service"
        && (JsonShape.Text(b["namespace"]) ?? Namespace) == Namespace);

    private IEnumerable<JsonObject> SourcesOf(JsonObject live) => UserRules(live).Where(IsSource);

    private IEnumerable<JsonObject> UserRules(JsonObject live)
    {
        TrafficSplit listed = ManagedRoutes.Read(live);
        return JsonShape.Objects(live.Part("spec")["rules"]).Where(r => !IsManaged(r, listed));
    }

    private bool IsSource(JsonObject rule) => Backend(rule, Target.StableService) is not null && Backend(rule, Target.CanaryService) is not null;

    /// <summary>By its name, or where the installed schema has no names by what only a copy of ours looks like.</summary>
    private bool IsManaged(JsonObject rule, TrafficSplit listed)
    {
        if (rule["name"] is not null)
        {
            return ManagedRoutes.IsOurs(JsonShape.Text(rule["name"]));
        }

        bool onlyCanary = JsonShape.Objects(rule["backendRefs"]).Count() == 1 && Backend(rule, Target.CanaryService) is not null;
        return (onlyCanary && listed.HeaderRoutes.Any(r => GatewayRules.Compares(rule, r)))
            || (listed.MirrorRoutes is not null && GatewayRules.MirrorsTo(rule, Target.CanaryService));
    }

    /// <summary>The canary's share of both, of the target's greatest weight.</summary>
    private int WeightOf(JsonObject rule)
    {
        // A backend without a weight has 1.
        long canary = JsonShape.Number(Backend(rule, Target.CanaryService)!["weight"]) ?? 1;
        long stable = JsonShape.Number(Backend(rule, Target.StableService)!["weight"]) ?? 1;
        return canary + stable == 0 ? 0 : (int)Math.Ceiling((double)canary * Target.MaxWeight / (canary + stable));
    }
}
