using Rollouts.Manifests;
using Rollouts.Steps;
using Rollouts.Traffic;

namespace Rollouts.Tests.Manifests;

/// <summary>The routers beside ingress-nginx, as Argo's manifests have them.</summary>
public sealed class RouterReadingTests
{
    private const string Nginx = "        nginx:\n          stableIngress: web\n";

    private const string First = "      - setWeight: 5\n";

    private const string Routing = "spec.strategy.canary.trafficRouting";

    private const string Plugin = Routing + ".plugins.argoproj-labs/gatewayAPI";

    [Fact]
    public void Read_GatewayApiPlugin_NamesTheRoutes()
    {
        GatewayApiRouting routing = Target("plugins: {argoproj-labs/gatewayAPI: {httpRoute: web, httpRoutes: [{name: api, useHeaderRoutes: true}, {name: old}], grpcRoutes: [{name: rpc}], namespace: default}}").GatewayApi!;

        Assert.Equal([new("web", true), new("api", true), new("old", false)], routing.HttpRoutes);
        Assert.Equal([new("rpc", false)], routing.GrpcRoutes);
    }

    [Fact]
    public void Read_Istio_NamesServicesRoutesAndSubsets()
    {
        IstioRouting routing = Target("istio: {virtualServices: [{name: web, routes: [primary]}, {name: api}], destinationRule: {name: web, canarySubsetName: canary, stableSubsetName: stable}}").Istio!;

        Assert.Equal(["web", "api"], routing.VirtualServices.Select(v => v.Name));
        Assert.Equal(["primary"], routing.VirtualServices[0].Routes);
        Assert.Empty(routing.VirtualServices[1].Routes);
        Assert.Equal(new IstioDestinationRule("web", "canary", "stable"), routing.DestinationRule);
        Assert.Equal("web", Assert.Single(Target("istio: {virtualService: {name: web}}").Istio!.VirtualServices).Name);
    }

    [Fact]
    public void Read_TraefikAndAlb_GiveTarget()
    {
        TrafficTarget target = Target("traefik: {weightedTraefikServiceName: web}\n        alb: {ingress: web, servicePort: 443, rootService: root, annotationPrefix: alb.example.com, stickinessConfig: {enabled: true, durationSeconds: 60}}");

        Assert.Equal(new TraefikRouting("web"), target.Traefik);
        AlbRouting alb = target.Alb!;
        Assert.Equal(["web"], alb.Ingresses);
        Assert.Equal((443, "root", "alb.example.com", TimeSpan.FromSeconds(60)), (alb.ServicePort, alb.RootService, alb.AnnotationPrefix, alb.Stickiness));
    }

    [Fact]
    public void Read_SeveralRouters_AreWrittenInOrder()
    {
        TrafficTarget target = Target("traefik: {weightedTraefikServiceName: web}\n        nginx: {stableIngress: web}\n        managedRoutes: [{name: b}, {name: a}]");

        Assert.Equal(["ingress-nginx", "Traefik"], target.RouterCapabilities().Select(r => r.Router));
        Assert.Equal(["b", "a"], target.ManagedRoutes!);
    }

    [Theory]
    [InlineData("{}", "a.yaml:10: " + Routing + ": has no router; give one or several of nginx, plugins (argoproj-labs/gatewayAPI), istio, traefik, alb")]
    [InlineData("{plugins: {me/mine: {}}}", "a.yaml:10: " + Routing + ".plugins.me/mine: unknown field; supported are argoproj-labs/gatewayAPI")]
    [InlineData("{plugins: {argoproj-labs/gatewayAPI: {}}}", "a.yaml:10: " + Plugin + ": names no route; give httpRoute, httpRoutes, grpcRoute or grpcRoutes")]
    [InlineData("{plugins: {argoproj-labs/gatewayAPI: {tcpRoute: a}}}", "a.yaml:10: " + Plugin + ".tcpRoute: not supported: only HTTPRoute and GRPCRoute are written; supported are httpRoute, httpRoutes, grpcRoute, grpcRoutes, namespace")]
    [InlineData("{plugins: {argoproj-labs/gatewayAPI: {httpRoute: a, namespace: other}}}", "a.yaml:10: " + Plugin + ".namespace: is other, the Rollout's is default; a rollout touches its own namespace only, so put the route there")]
    [InlineData("{plugins: {argoproj-labs/gatewayAPI: {httpRoute: a, httpRoutes: [{name: a}]}}}", "a.yaml:10: " + Plugin + ".httpRoutes[0].name: names a a second time; name each route once")]
    [InlineData("{istio: {}}", "a.yaml:10: " + Routing + ".istio: Either VirtualService or VirtualServices must be configured. Neither are configured.")]
    [InlineData("{istio: {virtualService: {name: a, tcpRoutes: []}}}", "a.yaml:10: " + Routing + ".istio.virtualService.tcpRoutes: not supported: only HTTP routes are split; supported are name, routes")]
    [InlineData("{istio: {virtualService: {name: a}, destinationRule: {name: a, canarySubsetName: v, stableSubsetName: v}}}", "a.yaml:10: " + Routing + ".istio.destinationRule.stableSubsetName: is the canary's subset, too; two different subsets are required")]
    [InlineData("{istio: {virtualService: {name: a}}, maxTrafficWeight: 1000}", "a.yaml:10: " + Routing + ".maxTrafficWeight: is not supported by Istio, whose weights are of 100; remove it")]
    [InlineData("{traefik: {}}", "a.yaml:10: " + Routing + ".traefik.weightedTraefikServiceName: is required: the TraefikService whose weighted services are the two services")]
    [InlineData("{alb: {servicePort: 80}}", "a.yaml:10: " + Routing + ".alb: Either Ingress or Ingresses must be configured. Neither are configured.")]
    [InlineData("{alb: {ingress: a}}", "a.yaml:10: " + Routing + ".alb.servicePort: is required: the port of both services")]
    [InlineData("{alb: {ingress: a, servicePort: 80, stickinessConfig: {enabled: true, durationSeconds: 0}}}", "a.yaml:10: " + Routing + ".alb.stickinessConfig.durationSeconds: must be a whole number from 1 to 604800; found the number 0")]
    public void Read_RouterWrong_SaysWhatIsAllowed(string routing, string expected) =>
        Assert.Equal([expected], Manifest.ProblemsAfter($"      trafficRouting:\n{Nginx}", $"      trafficRouting: {routing}\n"));

    [Theory]
    [InlineData("traefik: {weightedTraefikServiceName: web}", "setHeaderRoute: {name: r, match: [{headerName: A, headerValue: {exact: a}}]}", "setHeaderRoute: is not supported: a TraefikService knows weights only, no requests; remove the step or take another router")]
    [InlineData("plugins: {argoproj-labs/gatewayAPI: {httpRoutes: [{name: web}]}}", "setHeaderRoute: {name: r, match: [{headerName: A, headerValue: {exact: a}}]}", "setHeaderRoute: is not supported: no route of the Gateway API takes header routes; set useHeaderRoutes: true for one")]
    [InlineData("alb: {ingress: web, servicePort: 80}", "setHeaderRoute: {name: r, match: [{headerName: A, headerValue: {prefix: a}}]}", "setHeaderRoute.match[0].headerValue.prefix: is not supported by the AWS load balancer controller, which compares whole values only; use exact")]
    [InlineData("alb: {ingress: web, servicePort: 80}", "setHeaderRoute: {name: r, match: [{headerName: A, headerValue: {exact: 'a*'}}]}", "setHeaderRoute.match[0].headerValue.exact: must have at most 128 characters and none of * ? \\ here, which are wildcards of the AWS load balancer")]
    [InlineData("nginx: {stableIngress: web}", "setMirrorRoute: {name: r, match: [{path: {exact: /}}]}", "setMirrorRoute: is not supported: ingress-nginx can't copy requests to a canary; Istio and the Gateway API can")]
    [InlineData("plugins: {argoproj-labs/gatewayAPI: {httpRoute: web}}", "setMirrorRoute: {name: r, match: [{method: {prefix: P}}]}", "setMirrorRoute.match[0].method: must be exact and one of GET, HEAD, POST, PUT, DELETE, CONNECT, OPTIONS, TRACE, PATCH here; an HTTPRoute compares a method whole")]
    [InlineData("plugins: {argoproj-labs/gatewayAPI: {grpcRoute: web}}", "setMirrorRoute: {name: r, match: [{path: {exact: /a}}]}", "setMirrorRoute.match[0].path: is not supported by a GRPCRoute, which knows services and their methods instead; compare headers, or leave useHeaderRoutes of the GRPCRoute away")]
    [InlineData("istio: {virtualService: {name: web}}", "setMirrorRoute: {name: r, match: [{}]}", "setMirrorRoute.match[0]: compares nothing; give method, path or headers")]
    [InlineData("istio: {virtualService: {name: web}}", "setMirrorRoute: {name: r, match: [{headers: {a b: {exact: x}}}]}", "setMirrorRoute.match[0].headers.\"a b\": \"a b\" is no header name; it must be of letters, digits, - and _, at most 100")]
    public void Read_RouteThatTheRouterCantExpress_IsRefused(string router, string step, string expected) =>
        Assert.Equal([$"a.yaml:13: spec.strategy.canary.steps[0].{expected}"], Problems(router, step));

    [Fact]
    public void Read_SecondMatchWithIstioAndAnother_IsRefused() => Assert.Contains(
        "as in Argo, Istio takes requests with any of the matches, the other those with all",
        Assert.Single(Problems(
            "plugins: {argoproj-labs/gatewayAPI: {httpRoute: web}}\n        istio: {virtualService: {name: web}}",
            "setHeaderRoute: {name: r, match: [{headerName: A, headerValue: {exact: a}}, {headerName: B, headerValue: {exact: b}}]}")),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("istio: {virtualService: {name: web}}", true)]
    [InlineData("plugins: {argoproj-labs/gatewayAPI: {httpRoute: web}}", false)]
    public void Read_SeveralMatches_CountAsArgoHasIt(string router, bool any)
    {
        Release release = Read(router, "setHeaderRoute: {name: r, match: [{headerName: A, headerValue: {prefix: 'a b'}}, {headerName: B, headerValue: {regex: b}}]}");

        var step = Assert.IsType<SetHeaderRouteStep>(release.Steps[0]);
        Assert.Equal(2, step.Match.Count);
        Assert.Equal(any, step.AnyMatch);
    }

    [Fact]
    public void Read_SetMirrorRoute_GivesStep()
    {
        Release release = Read(
            "plugins: {argoproj-labs/gatewayAPI: {httpRoute: web}}",
            "setMirrorRoute: {name: shadow, percentage: 35, match: [{method: {exact: GET}, path: {prefix: /cart}, headers: {X-A: {regex: 'a|b'}}}, {path: {exact: /}}]}");

        var step = Assert.IsType<SetMirrorRouteStep>(release.Steps[0]);
        Assert.Equal(("shadow", 35), (step.Name, step.Percentage));
        Assert.Equal(
            [
                new RequestMatch(new(HeaderMatchKind.Exact, "GET"), new(HeaderMatchKind.Prefix, "/cart"), [new("X-A", HeaderMatchKind.Regex, "a|b")]),
                new RequestMatch(null, new(HeaderMatchKind.Exact, "/"), []),
            ],
            step.Match);
        Assert.Equal("setMirrorRoute: shadow (35 % of method GET and path /cart… and X-A ~ a|b, or path /)", step.Title);
    }

    private static string Rollout(string router, string step) => Manifest.Rollout
        .Replace(Nginx, $"        {router}\n", StringComparison.Ordinal)
        .Replace(First, $"      - {step}\n", StringComparison.Ordinal);

    private static string[] Problems(string router, string step) => Manifest.Problems(Rollout(router, step), Manifest.Template);

    private static Release Read(string router, string step) => Manifest.Read(Rollout(router, step), Manifest.Template).Release!;

    private static TrafficTarget Target(string router) => Read(router, "setWeight: 5").Target;
}
