using Rollouts.Manifests.Fields;
using Rollouts.Traffic;

namespace Rollouts.Manifests.Kinds;

/// <summary>Reads the two services and the routing in front of them.</summary>
internal static class TrafficTargetReader
{
    private const int Full = 100;

    private const int GreatestWeight = 1_000_000;

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

        if (!canary.Require("trafficRouting", "the workloads are your own, so only a traffic router can give a canary its weight; it holds nginx")
            || canary.Object("trafficRouting", RolloutFields.TrafficRouting) is not { } routing
            || !routing.Require("nginx", "traffic is shifted by ingress-nginx")
            || routing.Object("nginx", RolloutFields.Nginx) is not { } nginx)
        {
            return null;
        }

        int? greatest = ReadGreatestWeight(routing, nginx);
        NginxRouting? read = NginxReader.Read(nginx, greatest);
        return canaryService is null || stableService is null || read is null
            ? null
            : new TrafficTarget
            {
                Namespace = ns,
                RolloutName = rolloutName,
                StableService = stableService,
                CanaryService = canaryService,
                Nginx = read,
                MaxWeight = greatest ?? Full,
            };
    }

    private static int? ReadGreatestWeight(FieldReader routing, FieldReader nginx)
    {
        int? outer = ReadWeight(routing);
        int? inner = ReadWeight(nginx);
        if (outer is not null && inner is not null && outer != inner)
            routing.Problems.Error(nginx.At("maxTrafficWeight"), $"is {inner}, but trafficRouting.maxTrafficWeight is {outer}; give it once, there");
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
