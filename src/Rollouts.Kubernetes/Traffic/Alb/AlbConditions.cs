using System.Text.Json.Nodes;
using Rollouts.Traffic;

namespace Rollouts.Kubernetes.Traffic;

/// <summary>Conditions of a listener rule. All of them must hold; values are compared whole, without regard to case, and * and ? are wildcards.</summary>
internal static class AlbConditions
{
    /// <exception cref="PortException">Kind Invalid: the load balancer has no condition for it.</exception>
    public static string Of(HeaderRoute route, Func<string, PortException> refuse)
    {
        if (route.AnyMatch || route.Match.Any(m => m.Kind != HeaderMatchKind.Exact || m.Value.AsSpan().ContainsAny("*?\\")))
        {
            throw refuse($"can't do header route {route.Name}: the load balancer compares whole values, all of them");
        }

        return new JsonArray([.. route.Match.Select(m => new JsonObject
        {
            ["field"] = "http-header",
            ["httpHeaderConfig"] = new JsonObject { ["httpHeaderName"] = m.HeaderName, ["values"] = new JsonArray(m.Value) },
        })]).ToJsonString();
    }
}
