namespace Rollouts.Traffic;

/// <summary>What a rollout shifts traffic on: two services and the routing objects in front of them.</summary>
public sealed record TrafficTarget
{
    /// <summary>Required. The namespace of every object that this target names.</summary>
    public required string Namespace { get; init; }

    /// <summary>Required. The name of the Rollout manifest; names of objects that a router creates begin with it, as in Argo.</summary>
    public required string RolloutName { get; init; }

    /// <summary>Required. The Service of the version that users have now.</summary>
    public required string StableService { get; init; }

    /// <summary>Required. The Service of the version that is tried.</summary>
    public required string CanaryService { get; init; }

    /// <summary>Required. Where the traffic is split.</summary>
    public required NginxRouting Nginx { get; init; }

    /// <summary>The weight at which the canary has all traffic. Default 100.</summary>
    public int MaxWeight { get; init; } = 100;

    /// <summary>One target, one key: two rollouts with the same key may not run at once.</summary>
    public override string ToString() => $"{Namespace}/{RolloutName}";
}

/// <summary>Splitting by ingress-nginx' canary annotations (<c>trafficRouting.nginx</c> in Argo).</summary>
public sealed record NginxRouting
{
    /// <summary>Required, at least one. The Ingress objects that route to the stable service today.</summary>
    public required IReadOnlyList<string> StableIngresses { get; init; }

    /// <summary>The prefix of the controller's annotations. Default <c>nginx.ingress.kubernetes.io</c>.</summary>
    public string AnnotationPrefix { get; init; } = "nginx.ingress.kubernetes.io";

    /// <summary>Annotations put on the canary ingress beside the canary's own; a key without the prefix gets it, as in Argo. Default none.</summary>
    public IReadOnlyDictionary<string, string> AdditionalIngressAnnotations { get; init; } = new Dictionary<string, string>();

    /// <summary>Written as <c>canary-weight-total</c>. Null (the default) writes no such annotation, and the weight is of 100.</summary>
    public int? MaxTrafficWeight { get; init; }
}
