namespace Rollouts.Traffic;

/// <summary>Splitting by ingress-nginx' canary annotations (<c>trafficRouting.nginx</c> in Argo).</summary>
public sealed record NginxRouting
{
    /// <summary>Required, at least one. The Ingress objects that route to the stable service today.</summary>
    public required IReadOnlyList<string> StableIngresses { get; init; }

    /// <summary>The prefix of the controller's annotations. Default <c>nginx.ingress.kubernetes.io</c>.</summary>
    public string AnnotationPrefix { get; init; } = "nginx.ingress.kubernetes.io";

    /// <summary>Annotations put on the canary ingress beside the canary's own; a key without the prefix gets it, as in Argo. Default none.</summary>
    public IReadOnlyDictionary<string, string> AdditionalIngressAnnotations { get; init; } = new Dictionary<string, string>();

    /// <summary>The same with keys that are taken as they are; they win, as in Argo. Null, the default, is none.</summary>
    public IReadOnlyDictionary<string, string>? CanaryIngressAnnotations { get; init; }

    /// <summary>Written as <c>canary-weight-total</c>. Null (the default) writes no such annotation, and the weight is of 100.</summary>
    public int? MaxTrafficWeight { get; init; }
}
