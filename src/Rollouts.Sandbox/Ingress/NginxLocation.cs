using System.Globalization;
using System.Text;
using static Rollouts.Sandbox.Ingress.NginxText;

namespace Rollouts.Sandbox.Ingress;

/// <summary>A route with the number that its variables carry.</summary>
internal sealed record NginxRoute(int Number, Route Route)
{
    /// <summary>ingress-nginx does not route to a canary service that nobody serves.</summary>
    private CanaryRoute? Canary => Route.Canary is { Backend.Address: not null } canary ? canary : null;

    public void WriteDecision(StringBuilder text)
    {
        if (Canary is not { } canary)
            return;
        CanaryMaps.Write(text, Number, canary);
        text.Append(CultureInfo.InvariantCulture, $$"""
            map $decision_{{Number}} $backend_{{Number}} {
                default "{{Route.Main.Name}}";
                "~:canary\\z" "{{canary.Backend.Name}}";
            }

            """);
    }

    public void WriteTarget(StringBuilder text)
    {
        text.AppendLine(Canary is null ? "        set $decision \"only:main\";" : $"        set $decision $decision_{Number};");
        text.AppendLine(Canary is null ? $"        set $backend \"{Route.Main.Name}\";" : $"        set $backend $backend_{Number};");

        // A main service without an address still has its canary: only the requests that are the main service's fail.
        if (Route.Main.Address is null)
            text.AppendLine($"        if ($backend = \"{Route.Main.Name}\") {{ return 503; }}");
        text.AppendLine("        proxy_pass http://$backend;");
    }
}

/// <summary>One nginx location; the modifier is <c>=</c> for an exact path, empty for a prefix.</summary>
internal sealed record NginxLocation(string Modifier, string Path, NginxRoute Route)
{
    public bool IsRoot => Modifier.Length == 0 && Path == "/";

    public void Write(StringBuilder text)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"    location {Modifier} {Quote(Path)} {{");
        Route.WriteTarget(text);
        text.AppendLine("    }");
    }
}

internal static class NginxLocations
{
    /// <summary>The locations of one host; where two routes claim the same one, <c>Exact</c> goes before <c>Prefix</c>.</summary>
    public static IReadOnlyList<NginxLocation> Of(IEnumerable<NginxRoute> routes) =>
        [.. routes
            .OrderBy(route => route.Route.PathType switch { "Exact" => 0, "Prefix" => 1, _ => 2 })
            .SelectMany(LocationsOf)
            .DistinctBy(location => (location.Modifier, location.Path))];

    private static NginxLocation[] LocationsOf(NginxRoute route)
    {
        var path = route.Route.Path;
        var trimmed = path.TrimEnd('/');
        return route.Route.PathType switch
        {
            "Exact" => [new("=", path, route)],
            // A Kubernetes prefix ends at a path element: /shop covers /shop and /shop/cart, not /shopping.
            "Prefix" when trimmed.Length > 0 => [new("=", trimmed, route), new("", $"{trimmed}/", route)],
            "Prefix" => [new("", "/", route)],
            _ => [new("", path, route)],
        };
    }
}
