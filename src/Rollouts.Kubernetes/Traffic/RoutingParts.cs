using Rollouts.Traffic;

namespace Rollouts.Kubernetes.Traffic;

/// <summary>The parts of a target.</summary>
internal static class RoutingParts
{
    /// <summary>In one order for everybody, so that of two claimants of the same objects one gets them all.</summary>
    /// <exception cref="PortException">Kind Invalid: the target names nothing to write to.</exception>
    public static IReadOnlyList<RoutingPart> Of(TrafficTarget target)
    {
        RoutingPart[] parts =
        [
            .. Named(target.Nginx?.StableIngresses ?? [], name => new NginxPart(target, target.Nginx!, name)),
            .. Named(target.GatewayApi?.HttpRoutes ?? [], r => r.Name, route => new GatewayRoutePart(target, route, isGrpc: false)),
            .. Named(target.GatewayApi?.GrpcRoutes ?? [], r => r.Name, route => new GatewayRoutePart(target, route, isGrpc: true)),
            .. Named(target.Istio?.VirtualServices ?? [], v => v.Name, service => new VirtualServicePart(target, service, target.Istio!.DestinationRule)),
            .. target.Traefik is null ? [] : new[] { new TraefikServicePart(target, target.Traefik) },
            .. Named(target.Alb?.Ingresses ?? [], name => new AlbIngressPart(target, target.Alb!, name)),
        ];
        if (parts.Length == 0)
        {
            throw new PortException(FailureKind.Invalid, $"{target} names no object to split traffic on");
        }

        if (parts.GroupBy(p => (p.Resource, p.Name)).FirstOrDefault(g => g.Count() > 1) is { } same)
        {
            throw new PortException(
                FailureKind.Invalid,
                $"two of the objects that {target} names come to the same {same.Key.Resource.Kind} `{same.Key.Name}`: shorten the rollout's name, or name each object once");
        }

        return parts;
    }

    private static IEnumerable<RoutingPart> Named(IEnumerable<string> names, Func<string, RoutingPart> part) => Named(names, n => n, part);

    private static IEnumerable<RoutingPart> Named<T>(IEnumerable<T> items, Func<T, string> name, Func<T, RoutingPart> part) =>
        items.DistinctBy(name).OrderBy(name, StringComparer.Ordinal).Select(part);
}
