using Rollouts.Manifests.Fields;
using Rollouts.Traffic;

namespace Rollouts.Manifests.Kinds;

/// <summary>Reads the configuration of Argo's plugin for the Gateway API.</summary>
internal static class GatewayApiReader
{
    /// <summary>Null when something is wrong that has been reported.</summary>
    public static GatewayApiRouting? Read(FieldReader plugin, string ns)
    {
        if (plugin.LabelName("namespace") is { } other && other != ns)
        {
            plugin.Problems.Error(
                plugin.At("namespace"), $"is {other}, the Rollout's is {ns}; a rollout touches its own namespace only, so put the route there");
        }

        IReadOnlyList<GatewayRoute>? http = ReadRoutes(plugin, "httpRoute", "httpRoutes");
        IReadOnlyList<GatewayRoute>? grpc = ReadRoutes(plugin, "grpcRoute", "grpcRoutes");
        if (http is { Count: 0 } && grpc is { Count: 0 })
        {
            if (!plugin.HasReportedFields)
                plugin.Problems.Error(plugin.Place, "names no route; give httpRoute, httpRoutes, grpcRoute or grpcRoutes");
            return null;
        }

        return http is null || grpc is null ? null : new GatewayApiRouting { HttpRoutes = http, GrpcRoutes = grpc };
    }

    private static IReadOnlyList<GatewayRoute>? ReadRoutes(FieldReader plugin, string one, string several)
    {
        List<GatewayRoute> routes = [];
        bool isComplete = true;
        if (plugin.Has(one))
        {
            isComplete = plugin.ObjectName(one) is { } name;
            if (isComplete)
                routes.Add(new GatewayRoute(plugin.ObjectName(one)!, UseHeaderRoutes: true));
        }

        if (plugin.Given(several) is { Node: not Documents.SequenceNode { Items.Count: 0 } } && plugin.List(several).Count == 0)
            isComplete = false;
        foreach (Element item in plugin.List(several))
        {
            if (FieldReader.Open(item, RoutingFields.GatewayRoute, plugin.Problems) is not { } route
                || !route.Require("name", "the route's name")
                || route.ObjectName("name") is not { } name)
            {
                isComplete = false;
                continue;
            }

            if (routes.Exists(r => r.Name == name))
                plugin.Problems.Error(route.At("name"), $"names {name} a second time; name each route once");
            routes.Add(new GatewayRoute(name, route.Flag("useHeaderRoutes") ?? false));
        }

        return isComplete ? routes : null;
    }
}
