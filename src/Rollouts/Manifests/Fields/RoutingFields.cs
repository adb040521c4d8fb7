using static Rollouts.Manifests.Fields.KnownField;

namespace Rollouts.Manifests.Fields;

/// <summary>The fields of <c>trafficRouting</c> (Argo: <c>pkg/apis/rollouts/v1alpha1/types.go</c>; the plugin: <c>pkg/plugin/types.go</c> of its own repository).</summary>
internal static class RoutingFields
{
    /// <summary>The plugin of Argo's that writes routes of the Gateway API.</summary>
    public const string GatewayApiPlugin = "argoproj-labs/gatewayAPI";

    private const string Kind = "Rollout";

    private const string Path = "spec.strategy.canary.trafficRouting";

    public static FieldSet TrafficRouting { get; } = new(Kind, Path,
    [
        Supported("nginx", "ingress-nginx"),
        Supported("plugins", $"{GatewayApiPlugin}: routes of the Gateway API"),
        Supported("istio", "VirtualServices of Istio"),
        Supported("traefik", "a TraefikService"),
        Supported("alb", "ingresses of the AWS load balancer controller"),
        Supported("managedRoutes", "the names that setHeaderRoute and setMirrorRoute steps may use, in order of precedence; when not given, any name may be used"),
        Supported("maxTrafficWeight", "the weight at which the canary has all traffic, 100 or more; default 100"),
        .. new[] { "smi", "ambassador", "apisix", "appMesh" }.Select(router => Refused(router, "nothing here writes its objects")),
    ]);

    public static FieldSet ManagedRoute { get; } = new(Kind, Path + ".managedRoutes[]",
    [
        Supported("name", "required"),
    ]);

    public static FieldSet Nginx { get; } = new(Kind, Path + ".nginx",
    [
        Supported("stableIngress", "the Ingress that routes to the stable service; either this or stableIngresses"),
        Supported("stableIngresses", "several of them, which all get the same weight"),
        Supported("annotationPrefix", "default nginx.ingress.kubernetes.io"),
        Supported("additionalIngressAnnotations", "annotations for the canary ingress; a key without the prefix gets it"),
        Supported("canaryIngressAnnotations", "annotations for the canary ingress, their keys as they are; they win"),
        Supported("maxTrafficWeight", "the same as trafficRouting.maxTrafficWeight, where Argo has it"),
    ]);

    public static FieldSet Plugins { get; } = new(Kind, Path + ".plugins",
    [
        Supported(GatewayApiPlugin, "the plugin's configuration, as in Argo"),
    ]);

    public static FieldSet GatewayApi { get; } = new(Kind, $"{Path}.plugins.{GatewayApiPlugin}",
    [
        Supported("httpRoute", "an HTTPRoute with a rule whose backends are the two services"),
        Supported("httpRoutes", "several of them"),
        Supported("grpcRoute", "the same as a GRPCRoute"),
        Supported("grpcRoutes", "several of them"),
        Supported("namespace", "the Rollout's own"),
        .. new[] { "tcpRoute", "tcpRoutes", "tlsRoute", "tlsRoutes" }.Select(route => Refused(route, "only HTTPRoute and GRPCRoute are written")),
        .. new[] { "httpRouteSelector", "grpcRouteSelector", "tcpRouteSelector", "tlsRouteSelector" }
            .Select(selector => Refused(selector, "a release names what it writes to; name the routes")),
        .. new[] { "disableInProgressLabel", "inProgressLabelKey", "inProgressLabelValue" }
            .Select(label => NoMeaning(label, "a route carries no label; the annotation rolloutfunctions/owner says that a rollout is under way")),
    ]);

    public static FieldSet GatewayRoute { get; } = new(Kind, $"{Path}.plugins.{GatewayApiPlugin}.{{httpRoutes,grpcRoutes}}[]",
    [
        Supported("name", "required"),
        Supported("useHeaderRoutes", "true puts header and mirror routes on it, too; default false"),
    ]);

    public static FieldSet Istio { get; } = new(Kind, Path + ".istio",
    [
        Supported("virtualService", "the VirtualService to split; either this or virtualServices"),
        Supported("virtualServices", "several of them"),
        Supported("destinationRule", "with it the versions are subsets of one host"),
    ]);

    public static FieldSet VirtualService { get; } = new(Kind, Path + ".istio.{virtualService,virtualServices[]}",
    [
        Supported("name", "required"),
        Supported("routes", "the names of the HTTP routes to split; without it the VirtualService must have one"),
        Refused("tlsRoutes", "only HTTP routes are split"),
        Refused("tcpRoutes", "only HTTP routes are split"),
    ]);

    public static FieldSet DestinationRule { get; } = new(Kind, Path + ".istio.destinationRule",
    [
        Supported("name", "required"),
        Supported("canarySubsetName", "required"),
        Supported("stableSubsetName", "required"),
        Refused("additionalSubsetNames", "a route that is split leads to the two versions only"),
    ]);

    public static FieldSet Traefik { get; } = new(Kind, Path + ".traefik",
    [
        Supported("weightedTraefikServiceName", "required; the TraefikService whose weighted services are the two services"),
    ]);

    public static FieldSet Alb { get; } = new(Kind, Path + ".alb",
    [
        Supported("ingress", "the Ingress with the action as a backend; either this or ingresses"),
        Supported("ingresses", "several of them"),
        Supported("servicePort", "required; the port of both services"),
        Supported("rootService", "the name of the action; default the stable service"),
        Supported("annotationPrefix", "default alb.ingress.kubernetes.io"),
        Supported("stickinessConfig", "how long a client stays with its target group"),
    ]);

    public static FieldSet Stickiness { get; } = new(Kind, Path + ".alb.stickinessConfig",
    [
        Supported("enabled", "true or false"),
        Supported("durationSeconds", "whole seconds from 1 to 604800"),
    ]);
}
