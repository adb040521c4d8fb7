namespace Rollouts.Traffic;

/// <summary>Splitting by a forward action of the AWS load balancer controller (<c>trafficRouting.alb</c> in Argo).</summary>
public sealed record AlbRouting
{
    /// <summary>Required, at least one. Ingresses with a path whose backend is the action, on the port <c>use-annotation</c>.</summary>
    public required IReadOnlyList<string> Ingresses { get; init; }

    /// <summary>Required. The port of both services.</summary>
    public required int ServicePort { get; init; }

    /// <summary>The name of the action. Null, the default, is the stable service, as in Argo.</summary>
    public string? RootService { get; init; }

    /// <summary>The prefix of the controller's annotations. Default <c>alb.ingress.kubernetes.io</c>.</summary>
    public string AnnotationPrefix { get; init; } = "alb.ingress.kubernetes.io";

    /// <summary>How long a client stays with its target group. Null, the default, leaves it to whatever the action says now.</summary>
    public TimeSpan? Stickiness { get; init; }
}
