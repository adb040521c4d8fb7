using Rollouts.Manifests.Fields;
using Rollouts.Traffic;

namespace Rollouts.Manifests.Kinds;

/// <summary>Reads <c>trafficRouting.alb</c>.</summary>
internal static class AlbReader
{
    // The greatest stickiness that the load balancer takes: seven days.
    private const int LongestStickiness = 604_800;

    /// <summary>Null when something is wrong that has been reported.</summary>
    public static AlbRouting? Read(FieldReader alb)
    {
        string[]? ingresses = ObjectNames.Read(alb, "ingress", "ingresses", "Ingress or Ingresses", "ingress");
        long? port = alb.Require("servicePort", "the port of both services") ? alb.Integer("servicePort", 1, 65_535) : null;
        string? root = alb.LabelName("rootService");
        string? prefix = alb.Has("annotationPrefix") ? alb.ObjectName("annotationPrefix") : "alb.ingress.kubernetes.io";
        TimeSpan? stickiness = ReadStickiness(alb, out bool isStickinessFine);
        return ingresses is null || port is null || prefix is null || (root is null && alb.Has("rootService")) || !isStickinessFine
            ? null
            : new AlbRouting { Ingresses = ingresses, ServicePort = (int)port, RootService = root, AnnotationPrefix = prefix, Stickiness = stickiness };
    }

    private static TimeSpan? ReadStickiness(FieldReader alb, out bool isFine)
    {
        isFine = !alb.Has("stickinessConfig");
        if (alb.Object("stickinessConfig", RoutingFields.Stickiness) is not { } stickiness)
            return null;
        bool? enabled = stickiness.Has("enabled") ? stickiness.Flag("enabled") : false;
        if (enabled != true)
        {
            isFine = enabled is not null;
            return null;
        }

        long? seconds = stickiness.Require("durationSeconds", "how long a client stays with its target group")
            ? stickiness.Integer("durationSeconds", 1, LongestStickiness)
            : null;
        isFine = seconds is not null;
        return seconds is { } s ? TimeSpan.FromSeconds(s) : null;
    }
}
