using Rollouts.Manifests.Fields;
using Rollouts.Traffic;

namespace Rollouts.Manifests.Kinds;

/// <summary>Reads the two services and the routing in front of them.</summary>
internal static class TrafficTargetReader
{
    private const int Full = 100;

    private const int GreatestWeight = 1_000_000;

    private const string Routers = $"nginx, plugins ({RoutingFields.GatewayApiPlugin}), istio, traefik, alb";

    private static readonly string[] s_routers = ["nginx", "plugins", "istio", "traefik", "alb"];

    /// <summary>Null when something is wrong that has been reported.</summary>
    public static TrafficTarget? Read(FieldReader canary, string rolloutName, string ns)
    {
        canary.Require("canaryService", "the Service of the version that is tried");
        canary.Require("stableService", "the Service of the version that users have now");
        string? canaryService = canary.LabelName("canaryService");
        string? stableService = canary.LabelName("stableService");
        if (canaryService is not null && canaryService == stableService)
        {
            canary.Problems.Error(
                canary.At("stableService"),
                "This rollout uses the same service for the stable and canary services, but two different services are required.");
        }

        if (!canary.Require("trafficRouting", $"only a traffic router can give a canary its weight; it holds one or several of {Routers}")
            || canary.Object("trafficRouting", RoutingFields.TrafficRouting) is not { } routing)
        {
            return null;
        }

        FieldReader? nginx = routing.Object("nginx", RoutingFields.Nginx);
        int? greatest = ReadGreatestWeight(routing, nginx);
        var target = new TrafficTarget
        {
            Namespace = ns,
            RolloutName = rolloutName,
            StableService = stableService ?? "",
            CanaryService = canaryService ?? "",
            Nginx = nginx is null ? null : NginxReader.Read(nginx, greatest),
            GatewayApi = routing.Object("plugins", RoutingFields.Plugins)?.Object(RoutingFields.GatewayApiPlugin, RoutingFields.GatewayApi) is { } plugin
                ? GatewayApiReader.Read(plugin, ns)
                : null,
            Istio = routing.Object("istio", RoutingFields.Istio) is { } istio ? IstioReader.Read(istio) : null,
            Traefik = routing.Object("traefik", RoutingFields.Traefik) is { } traefik ? ReadTraefik(traefik) : null,
            Alb = routing.Object("alb", RoutingFields.Alb) is { } alb ? AlbReader.Read(alb) : null,
            MaxWeight = greatest ?? Full,
            ManagedRoutes = routing.Has("managedRoutes") ? RouteNames.Read(routing) : null,
        };
        bool isComplete = Given(routing) == target.RouterCapabilities().Count && canaryService is not null && stableService is not null;
        if (Given(routing) == 0 && !routing.HasReportedFields)
            routing.Problems.Error(routing.Place, $"has no router; give one or several of {Routers}");
        if (greatest is not null && target.RouterCapabilities().FirstOrDefault(r => !r.MaxTrafficWeight) is { } router)
            routing.Problems.Error(routing.At("maxTrafficWeight"), $"is not supported by {router.Router}, whose weights are of 100; remove it");
        return isComplete && Given(routing) > 0 ? target : null;
    }

    private static int Given(FieldReader routing) => s_routers.Count(routing.Has);

    private static TraefikRouting? ReadTraefik(FieldReader traefik) =>
        traefik.Require("weightedTraefikServiceName", "the TraefikService whose weighted services are the two services")
        && traefik.ObjectName("weightedTraefikServiceName") is { } name
            ? new TraefikRouting(name)
            : null;

    private static int? ReadGreatestWeight(FieldReader routing, FieldReader? nginx)
    {
        int? outer = ReadWeight(routing);
        int? inner = nginx is null ? null : ReadWeight(nginx);
        if (outer is not null && inner is not null && outer != inner)
            routing.Problems.Error(nginx!.At("maxTrafficWeight"), $"is {inner}, but trafficRouting.maxTrafficWeight is {outer}; give it once, there");
        return outer ?? inner;
    }

    private static int? ReadWeight(FieldReader reader)
    {
        if (reader.Integer("maxTrafficWeight", 1, GreatestWeight) is not { } weight)
            return null;
        if (weight < Full)
        {
            reader.Problems.Error(
                reader.At("maxTrafficWeight"),
                $"must be {Full} or more; ingress-nginx takes a smaller canary-weight-total as {Full}, and weight {weight} would never be all traffic");
            return null;
        }

        return (int)weight;
    }
}
