namespace Rollouts.Traffic;

/// <summary>What a rollout shifts traffic on: two services and the routing objects in front of them.</summary>
public sealed record TrafficTarget
{
    /// <summary>
    /// The cluster, by the name that the operator gave it (<c>cluster</c> in a RolloutPolicy). Null, the default, is the one that serves the namespace.
    /// </summary>
    public string? Cluster { get; init; }

    /// <summary>Required. The namespace of every object that this target names.</summary>
    public required string Namespace { get; init; }

    /// <summary>Required. The name of the Rollout manifest; names of objects that a router creates begin with it, as in Argo.</summary>
    public required string RolloutName { get; init; }

    /// <summary>Required. The Service of the version that users have now.</summary>
    public required string StableService { get; init; }

    /// <summary>Required. The Service of the version that is tried.</summary>
    public required string CanaryService { get; init; }

    /// <summary>Splitting by ingress-nginx. Of the routers at least one is given; several are written together.</summary>
    public NginxRouting? Nginx { get; init; }

    /// <summary>Splitting by the Gateway API.</summary>
    public GatewayApiRouting? GatewayApi { get; init; }

    /// <summary>Splitting by Istio.</summary>
    public IstioRouting? Istio { get; init; }

    /// <summary>Splitting by Traefik.</summary>
    public TraefikRouting? Traefik { get; init; }

    /// <summary>Splitting by the AWS load balancer controller.</summary>
    public AlbRouting? Alb { get; init; }

    /// <summary>The weight at which the canary has all traffic. Default 100.</summary>
    public int MaxWeight { get; init; } = 100;

    /// <summary>The names of header and mirror routes in order of precedence (<c>managedRoutes</c>); null, the default, takes the order of the steps.</summary>
    public IReadOnlyList<string>? ManagedRoutes { get; init; }

    /// <summary>What each of the target's routers can do, in the order in which they are written.</summary>
    public IReadOnlyList<RouterCapabilities> RouterCapabilities() =>
    [
        .. Nginx is null ? [] : new[] { Traffic.RouterCapabilities.Nginx },
        .. GatewayApi is null ? [] : new[] { Traffic.RouterCapabilities.GatewayApi(GatewayApi) },
        .. Istio is null ? [] : new[] { Traffic.RouterCapabilities.Istio },
        .. Traefik is null ? [] : new[] { Traffic.RouterCapabilities.Traefik },
        .. Alb is null ? [] : new[] { Traffic.RouterCapabilities.Alb },
    ];

    /// <summary>
    /// The cluster objects of the target. Two rollouts conflict when they share any of them, whatever the rollouts are called: an ingress that both
    /// split, a service between whose versions both shift.
    /// </summary>
    public IReadOnlyList<TargetObject> Objects() =>
    [
        .. Of("ingress", [.. Nginx?.StableIngresses ?? [], .. Alb?.Ingresses ?? []]),
        .. Of("httproute", GatewayApi?.HttpRoutes.Select(r => r.Name) ?? []),
        .. Of("grpcroute", GatewayApi?.GrpcRoutes.Select(r => r.Name) ?? []),
        .. Of("virtualservice", Istio?.VirtualServices.Select(v => v.Name) ?? []),
        .. Of("traefikservice", Traefik is null ? [] : [Traefik.WeightedService]),
        .. Of("service", [StableService, CanaryService]),
        .. Of("rollout", [RolloutName]),
    ];

    /// <summary>One target, one key: two rollouts with the same key may not run at once.</summary>
    public override string ToString() => Cluster is null ? $"{Namespace}/{RolloutName}" : $"{Cluster}:{Namespace}/{RolloutName}";

    private IEnumerable<TargetObject> Of(string kind, IEnumerable<string> names) =>
        names.Distinct(StringComparer.Ordinal).Select(name => new TargetObject(Cluster, Namespace, kind, name));
}

/// <summary>An object of a cluster that one rollout at a time may have.</summary>
/// <param name="Cluster">See <see cref="TrafficTarget.Cluster"/>.</param>
/// <param name="Namespace">Where.</param>
/// <param name="Kind">In lower case, for instance <c>ingress</c>.</param>
/// <param name="Name">Of the object.</param>
public sealed record TargetObject(string? Cluster, string Namespace, string Kind, string Name)
{
    /// <summary>The object as one text, unique among all.</summary>
    public string Key(char separator) => string.Join(separator, [.. Cluster is null ? [] : new[] { Cluster }, Namespace, Kind, Name]);
}
