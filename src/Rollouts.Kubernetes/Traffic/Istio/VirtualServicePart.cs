using System.Text.Json.Nodes;
using Rollouts.Kubernetes.Requests;
using Rollouts.Traffic;

namespace Rollouts.Kubernetes.Traffic;

/// <summary>
/// A VirtualService. Its HTTP routes that lead to both versions get the weights; header and mirror routes are copies of these put before all others,
/// with everything else that the route says.
/// </summary>
internal sealed class VirtualServicePart(TrafficTarget target, IstioVirtualService service, IstioDestinationRule? rule)
    : RoutingPart(target, KubernetesResource.VirtualService, service.Name)
{
    private const int All = 100;

    public override async Task<JsonObject?> ReadSourceAsync(RoutingObjects objects, CancellationToken cancellationToken)
    {
        if (rule is null)
        {
            return null;
        }

        JsonObject found = await objects.GetAsync(KubernetesResource.DestinationRule, Namespace, rule.Name, cancellationToken).ConfigureAwait(false);
        foreach (string subset in (string[])[rule.StableSubset, rule.CanarySubset])
        {
            if (!JsonShape.Objects(found.Part("spec")["subsets"]).Any(s => JsonShape.Text(s["name"]) == subset))
            {
                throw new PortException(FailureKind.Invalid, $"DestinationRule `{rule.Name}` in namespace {Namespace} has no subset {subset}");
            }
        }

        return found;
    }

    public override void RequireSplittable(JsonObject live)
    {
        JsonObject[] routes = [.. UserRoutes(live)];
        if (service.Routes.Count == 0 && routes.Length != 1)
        {
            throw Invalid($"has {routes.Length} HTTP routes; name those to split as routes, or leave it one");
        }

        if (service.Routes.FirstOrDefault(n => !routes.Any(r => JsonShape.Text(r["name"]) == n)) is { } missing)
        {
            throw Invalid($"has no HTTP route of the name {missing}");
        }

        foreach (JsonObject route in routes.Where(IsNamed))
        {
            if (!IsSource(route) || JsonShape.Objects(route["route"]).Count() != 2)
            {
                throw Invalid($"has an HTTP route {JsonShape.Text(route["name"])} whose destinations are not {Stable} and {Canary}");
            }
        }
    }

    public override JsonObject Write(JsonObject live, JsonObject? source, TrafficSplit split)
    {
        JsonObject updated = live.Copy();
        JsonObject[] routes = [.. UserRoutes(updated)];
        JsonObject[] sources = [.. routes.Where(IsSplit)];
        foreach (JsonObject route in sources)
        {
            Destination(route, isCanary: false)!["weight"] = All - split.CanaryWeight;
            Destination(route, isCanary: true)!["weight"] = split.CanaryWeight;
        }

        VirtualServiceRoutes ours = new(this);
        IEnumerable<JsonObject> managed = ManagedRoutes.Of(split, Target).SelectMany((r, order) => sources.Select((route, copy) => ours.Copy(route, r, order, copy)));
        updated.Part("spec")["http"] = new JsonArray([.. managed.Concat(routes).Select(r => r.DeepClone())]);
        ManagedRoutes.Write(updated, split);
        return updated;
    }

    public override JsonObject Withdraw(JsonObject live)
    {
        JsonObject updated = live.Copy();
        JsonObject[] routes = [.. UserRoutes(updated)];
        foreach (JsonObject route in routes.Where(IsNamed))
        {
            JsonObject[] others = [.. JsonShape.Objects(route["route"]).Where(d => d != Destination(route, isCanary: true))];
            if (Destination(route, isCanary: true) is { } canary && (Destination(route, isCanary: false) ?? others.FirstOrDefault()) is { } taker)
            {
                // Up to 1.14 Istio takes only weights that come to 100.
                int rest = others.Where(d => d != taker).Sum(d => JsonShape.Number(d["weight"]) ?? 0);
                taker["weight"] = rest <= All ? All - rest : (JsonShape.Number(taker["weight"]) ?? 0) + (JsonShape.Number(canary["weight"]) ?? 0);
                canary["weight"] = 0;
            }
        }

        if (updated.Part("spec")["http"] is not null)
        {
            updated.Part("spec")["http"] = new JsonArray([.. routes.Select(r => r.DeepClone())]);
        }

        ManagedRoutes.Write(updated, TrafficSplit.None);
        return updated;
    }

    public override string? Remainder(JsonObject withdrawn)
    {
        JsonObject[] split = [.. UserRoutes(withdrawn).Where(IsNamed)];
        bool onlyCanary(JsonObject route) => Destination(route, isCanary: true) is not null && JsonShape.Objects(route["route"]).Count() == 1;
        return split.Any(onlyCanary) && (service.Routes.Count > 0 || !split.Any(IsSource))
            ? $"has an HTTP route that leads to {Canary} only: there is nothing to give the traffic to"
            : null;
    }

    public override TrafficSplit Read(JsonObject live)
    {
        TrafficSplit listed = ManagedRoutes.Read(live);
        JsonObject[] all = [.. JsonShape.Objects(live.Part("spec")["http"])];
        JsonObject[] sources = [.. UserRoutes(live).Where(IsSplit)];
        VirtualServiceRoutes ours = new(this);
        bool Stands(ManagedRoute route, int order) => sources.Length > 0 && sources.Index().All(s => all.Any(r => ours.Is(r, s.Item, route, order, s.Index)));
        string[] standing = [.. ManagedRoutes.Of(listed, Target).Where(Stands).Select(r => r.Name)];
        return new TrafficSplit(sources.Select(WeightOf).DefaultIfEmpty(0).Max(), [.. listed.HeaderRoutes.Where(r => standing.Contains(r.Name))])
        {
            MirrorRoutes = [.. (listed.MirrorRoutes ?? []).Where(r => standing.Contains(r.Name))],
        };
    }

    /// <summary>The destination of a version in a route; null when it has none.</summary>
    internal JsonObject? Destination(JsonObject route, bool isCanary) => JsonShape.Objects(route["route"]).FirstOrDefault(d => rule is null
        ? IsHost(JsonShape.Text(d["destination"]?["host"]), isCanary ? Target.CanaryService : Target.StableService)
        : JsonShape.Text(d["destination"]?["subset"]) == (isCanary ? rule.CanarySubset : rule.StableSubset));

    private string Stable => rule is null ? $"host {Target.StableService}" : $"subset {rule.StableSubset}";

    private string Canary => rule is null ? $"host {Target.CanaryService}" : $"subset {rule.CanarySubset}";

    private static IEnumerable<JsonObject> UserRoutes(JsonObject live) =>
        JsonShape.Objects(live.Part("spec")["http"]).Where(r => !ManagedRoutes.IsOurs(JsonShape.Text(r["name"])));

    private bool IsSource(JsonObject route) => Destination(route, isCanary: true) is not null && Destination(route, isCanary: false) is not null;

    private bool IsSplit(JsonObject route) => IsSource(route) && IsNamed(route);

    /// <summary>Whether the target splits the route: where it names none, any that leads to both.</summary>
    private bool IsNamed(JsonObject route) => service.Routes.Count == 0 || service.Routes.Contains(JsonShape.Text(route["name"]) ?? "");

    private bool IsHost(string? host, string name) =>
        host is not null && (host == name || host == $"{name}.{Namespace}" || host.StartsWith($"{name}.{Namespace}.svc", StringComparison.Ordinal));

    private int WeightOf(JsonObject route)
    {
        // A destination without a weight gets nothing when there are others.
        long canary = JsonShape.Number(Destination(route, isCanary: true)!["weight"]) ?? 0;
        long stable = JsonShape.Number(Destination(route, isCanary: false)!["weight"]) ?? 0;
        return canary == 0 ? 0 : (int)Math.Ceiling((double)canary * All / (canary + stable));
    }
}
