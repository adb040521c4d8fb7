using System.Text.Json;
using System.Text.Json.Nodes;
using Rollouts.Kubernetes.Requests;
using Rollouts.Machine;
using Rollouts.Traffic;

namespace Rollouts.Kubernetes.Traffic;

/// <summary>
/// The header and mirror routes that a rollout has put on an object of the user's. What they are stands in an annotation, because a rule can't say
/// it of itself; which rules are theirs, the rules' names.
/// </summary>
internal static class ManagedRoutes
{
    public const string Annotation = "rolloutfunctions/routes";

    private const string Prefix = "rolloutfunctions-";
    private const int LongestLabel = 30;

    /// <summary>In order of precedence: as <c>managedRoutes</c> has them, else header routes first.</summary>
    public static IReadOnlyList<ManagedRoute> Of(TrafficSplit split, TrafficTarget target)
    {
        ManagedRoute[] routes =
        [
            .. split.HeaderRoutes.Select(r => new ManagedRoute(r.Name, r, null)),
            .. (split.MirrorRoutes ?? []).Select(r => new ManagedRoute(r.Name, null, r)),
        ];
        return target.ManagedRoutes is { } managed ? [.. routes.OrderBy(r => managed.Index().FirstOrDefault(m => m.Item == r.Name).Index)] : routes;
    }

    /// <summary>The routes that the object says it has, with weight 0.</summary>
    public static TrafficSplit Read(JsonObject live)
    {
        try
        {
            return live.Mark(Annotation) is { } json ? JsonSerializer.Deserialize(json, RolloutJson.Default.TrafficSplit) ?? TrafficSplit.None : TrafficSplit.None;
        }
        catch (JsonException)
        {
            // Somebody has written over it: then nothing is known to be ours but by its name.
            return TrafficSplit.None;
        }
    }

    public static void Write(JsonObject updated, TrafficSplit split)
    {
        if (split.HeaderRoutes.Count == 0 && split.MirrorRoutes is null)
        {
            _ = updated.Annotations().Remove(Annotation);
        }
        else
        {
            updated.Annotations()[Annotation] = JsonSerializer.Serialize(split with { CanaryWeight = 0 }, RolloutJson.Default.TrafficSplit);
        }
    }

    /// <summary>The name of a rule of ours: a DNS label, unique in its object.</summary>
    /// <param name="route">The route that the rule does.</param>
    /// <param name="order">Its place among the routes.</param>
    /// <param name="copy">Which of the rules it stands before, from 0; null where a route has one only.</param>
    public static string RuleName(ManagedRoute route, int order, int? copy)
    {
        string label = string.Concat(route.Name.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'));
        string cut = label.Length > LongestLabel ? label[..LongestLabel] : label;
        return $"{Prefix}{order}-{(cut.Trim('-') is { Length: > 0 } text ? text : "route")}{(copy is { } n ? $"-{n}" : "")}";
    }

    public static bool IsOurs(string? ruleName) => ruleName?.StartsWith(Prefix, StringComparison.Ordinal) == true;
}

/// <summary>A header route or a mirror route.</summary>
internal sealed record ManagedRoute(string Name, HeaderRoute? Header, MirrorRoute? Mirror);
