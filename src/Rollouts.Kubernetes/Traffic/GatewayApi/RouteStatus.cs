using System.Text.Json.Nodes;
using Rollouts.Kubernetes.Requests;

namespace Rollouts.Kubernetes.Traffic;

/// <summary>
/// What the gateways say of a route: for each parent that the route names, one controller at least must have seen this generation, accepted it and
/// found its backends. A route that only has to keep the canary's traffic away needs to have been seen: one that is not accepted leads nowhere, and the
/// canary's service may be gone with the version that failed.
/// </summary>
internal static class RouteStatus
{
    private static readonly string[] Identity = ["group", "kind", "namespace", "name", "sectionName", "port"];

    /// <summary>Why the route is not in force as it is; null when it is.</summary>
    public static string? Pending(JsonObject live, bool withdrawn)
    {
        JsonObject[] parents = [.. JsonShape.Objects(live.Part("spec")["parentRefs"])];
        JsonObject[] states = [.. JsonShape.Objects((live["status"] as JsonObject)?["parents"])];
        if (parents.Length == 0)
        {
            return "it names no gateway (parentRefs)";
        }

        foreach (JsonObject parent in parents)
        {
            string?[] problems = [.. states.Where(s => IsSame(s["parentRef"] as JsonObject ?? [], parent, live.Namespace())).Select(s => Problem(s, live.Generation(), withdrawn))];
            if (problems.Length == 0)
            {
                return $"no controller has taken it up for {Title(parent)}";
            }

            if (Array.TrueForAll(problems, p => p is not null))
            {
                return $"{Title(parent)} is not in force: {problems[0]}";
            }
        }

        return null;
    }

    private static string? Problem(JsonObject state, long generation, bool withdrawn)
    {
        foreach (string type in withdrawn ? (string[])["Accepted"] : ["Accepted", "ResolvedRefs"])
        {
            JsonObject? condition = JsonShape.Objects(state["conditions"]).FirstOrDefault(c => JsonShape.Text(c["type"]) == type);
            string controller = JsonShape.Text(state["controllerName"]) ?? "the controller";
            if (condition is null)
            {
                return $"{controller} does not say {type}";
            }

            long observed = JsonShape.Number(condition["observedGeneration"]) ?? 0;
            if (observed < generation)
            {
                return $"{controller} has seen generation {observed}, the route's is {generation}";
            }

            if (!withdrawn && JsonShape.Text(condition["status"]) != "True")
            {
                return $"{controller} says {type}: {JsonShape.Text(condition["reason"])}, {JsonShape.Text(condition["message"])}";
            }
        }

        return null;
    }

    private static bool IsSame(JsonObject a, JsonObject b, string ns) => Array.TrueForAll(Identity, field => Value(a, field, ns) == Value(b, field, ns));

    private static string? Value(JsonObject parent, string field, string ns) => parent[field]?.ToString() ?? field switch
    {
        "group" => "gateway.networking.k8s.io",
        "kind" => "Gateway",
        "namespace" => ns,
        _ => null,
    };

    private static string Title(JsonObject parent) => $"{JsonShape.Text(parent["kind"]) ?? "Gateway"} `{JsonShape.Text(parent["name"])}`";
}
