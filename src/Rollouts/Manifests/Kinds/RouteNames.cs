using Rollouts.Manifests.Fields;

namespace Rollouts.Manifests.Kinds;

/// <summary>Reads <c>managedRoutes</c>.</summary>
internal static class RouteNames
{
    /// <summary>The names in order of precedence, each once.</summary>
    public static IReadOnlyList<string> Read(FieldReader routing)
    {
        List<string> names = [];
        foreach (FieldReader route in routing.Objects("managedRoutes", RoutingFields.ManagedRoute))
        {
            if (!route.Require("name", "the route's name") || route.Text("name") is not { } name)
                continue;
            if (names.Contains(name))
                routing.Problems.Error(route.At("name"), $"names {Shown.Text(name)} a second time; name each route once");
            else
                names.Add(name);
        }

        return names;
    }
}
