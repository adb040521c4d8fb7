using Rollouts.Traffic;

namespace Rollouts.Tests.Traffic;

public sealed class TrafficTargetTests
{
    private static readonly TrafficTarget s_target = new()
    {
        Namespace = "shop",
        RolloutName = "checkout",
        StableService = "checkout-stable",
        CanaryService = "checkout-canary",
    };

    [Fact]
    public void Objects_SeveralRouters_NamesEachObjectOnce()
    {
        TrafficTarget target = s_target with
        {
            Nginx = new NginxRouting { StableIngresses = ["web", "web"] },
            GatewayApi = new GatewayApiRouting { HttpRoutes = [new("web", true)], GrpcRoutes = [new("rpc", false)] },
            Istio = new IstioRouting { VirtualServices = [new("mesh", [])] },
            Traefik = new TraefikRouting("weighted"),
            Alb = new AlbRouting { Ingresses = ["web", "public"], ServicePort = 80 },
        };

        Assert.Equal(
            [
                "shop/ingress/web", "shop/ingress/public", "shop/httproute/web", "shop/grpcroute/rpc", "shop/virtualservice/mesh",
                "shop/traefikservice/weighted", "shop/service/checkout-stable", "shop/service/checkout-canary", "shop/rollout/checkout",
            ],
            target.Objects().Select(o => o.Key('/')));
    }

    [Fact]
    public void Objects_OtherCluster_AreOthers()
    {
        TrafficTarget target = s_target with { Nginx = new NginxRouting { StableIngresses = ["web"] } };

        Assert.Empty(target.Objects().Select(o => o.Key('|')).Intersect((target with { Cluster = "west" }).Objects().Select(o => o.Key('|'))));
    }
}
