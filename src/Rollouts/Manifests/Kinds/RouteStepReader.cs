using Rollouts.Manifests.Documents;
using Rollouts.Manifests.Fields;
using Rollouts.Steps;
using Rollouts.Traffic;

namespace Rollouts.Manifests.Kinds;

/// <summary>
/// Reads <c>setHeaderRoute</c> and <c>setMirrorRoute</c> steps in their order, and refuses what one of the target's routers can't express: a router
/// is never asked at run time for what it can't do.
/// </summary>
internal sealed class RouteStepReader
{
    private readonly IReadOnlyList<string>? managed;
    private readonly TrafficTarget? target;
    private readonly IReadOnlyList<RouterCapabilities> routers;
    private readonly List<string> live = [];

    /// <param name="canary">Where the steps stand.</param>
    /// <param name="target">Null when it could not be read; then nothing is said of its routers.</param>
    public RouteStepReader(FieldReader canary, TrafficTarget? target)
    {
        this.target = target;
        routers = target?.RouterCapabilities() ?? [];
        // The fields of trafficRouting are reported where the target is read; here only the names are wanted.
        if (canary.Given("trafficRouting") is { } routing
            && FieldReader.Open(routing, RoutingFields.TrafficRouting, canary.Problems) is { } reader
            && reader.Has("managedRoutes"))
        {
            managed = RouteNames.Read(reader);
        }
    }

    /// <summary>Null when something is wrong that has been reported.</summary>
    public SetHeaderRouteStep? ReadHeaderRoute(FieldReader step)
    {
        if (step.Object("setHeaderRoute", StepFields.HeaderRoute) is not { } route)
            return null;
        string? name = ReadName(route);
        if (routers.FirstOrDefault(r => r.HeaderMatches.Count == 0) is { } blind)
        {
            route.Problems.Error(step.At("setHeaderRoute"), $"is not supported: {Blindness(blind)}");
            return null;
        }

        IReadOnlyList<Element> entries = route.List("match");
        bool isTooMuch = IsTooMuch(entries, route.Problems);
        HeaderMatch?[] matches = [.. entries.Take(isTooMuch ? 1 : entries.Count).Select(e => HeaderMatchReader.Read(e, routers, route.Problems))];
        bool isRemoval = route.Given("match") is null or { Node: SequenceNode { Items.Count: 0 } };
        if (name is null || matches.Contains(null) || isTooMuch || (entries.Count == 0 && !isRemoval))
            return null;
        Follow(route, name, matches.Length > 0, routers.Min(r => r.MostHeaderRoutes));
        return new SetHeaderRouteStep(name, matches!) { AnyMatch = matches.Length > 1 && target?.Istio is not null };
    }

    /// <summary>Null when something is wrong that has been reported.</summary>
    public SetMirrorRouteStep? ReadMirrorRoute(FieldReader step)
    {
        if (step.Object("setMirrorRoute", StepFields.MirrorRoute) is not { } route)
            return null;
        string? name = ReadName(route);
        if (routers.FirstOrDefault(r => !r.Mirrors) is { } blind)
        {
            route.Problems.Error(
                step.At("setMirrorRoute"),
                blind.HeaderMatches.Count == 0 && target?.GatewayApi is not null && blind.Router == RouterCapabilities.GatewayApi(target.GatewayApi).Router
                    ? $"is not supported: {Blindness(blind)}"
                    : $"is not supported: {blind.Router} can't copy requests to a canary; Istio and the Gateway API can");
            return null;
        }

        IReadOnlyList<Element> entries = route.List("match");
        RequestMatch?[] matches = [.. entries.Select(e => RequestMatchReader.Read(e, target, route.Problems))];
        long? percentage = route.Has("percentage") ? route.Integer("percentage", 0, 100) : 100;
        bool isRemoval = route.Given("match") is null or { Node: SequenceNode { Items.Count: 0 } };
        if (name is null || matches.Contains(null) || percentage is null || (entries.Count == 0 && !isRemoval))
            return null;
        Follow(route, name, matches.Length > 0, null);
        return new SetMirrorRouteStep(name, matches!, (int)percentage);
    }

    private static string Blindness(RouterCapabilities router) => router.Router == RouterCapabilities.Traefik.Router
        ? "a TraefikService knows weights only, no requests; remove the step or take another router"
        : "no route of the Gateway API takes header routes; set useHeaderRoutes: true for one";

    private string? ReadName(FieldReader route)
    {
        string? name = route.Require("name", "the route's name") ? route.Text("name") : null;
        if (name is not null && managed is not null && !managed.Contains(name))
        {
            route.Problems.Error(
                route.At("name"),
                $"{Shown.Text(name)} is not among trafficRouting.managedRoutes ({(managed.Count == 0 ? "none" : Shown.List(managed.Select(Shown.Plain)))}){Spelling.Hint(name, managed)}; add it there");
        }

        return name;
    }

    private bool IsTooMuch(IReadOnlyList<Element> entries, ProblemList problems)
    {
        if (entries.Count > 1 && routers.Any(r => r.Router == RouterCapabilities.Nginx.Router))
        {
            problems.Error(
                entries[1].Place,
                "a second match is not supported: an ingress-nginx canary compares one header with one value or pattern; join the values in one regex");
            return true;
        }

        if (entries.Count > 1 && target?.Istio is not null && routers.Count > 1)
        {
            problems.Error(
                entries[1].Place,
                "a second match is not supported with Istio and another router: as in Argo, Istio takes requests with any of the matches, the other those with all; give one");
            return true;
        }

        if (routers.FirstOrDefault(r => entries.Count > r.MostMatches) is { } router)
        {
            problems.Error(entries[router.MostMatches!.Value].Place, $"is one match too many: {router.Router} compares at most {router.MostMatches} headers in one route");
            return true;
        }

        return false;
    }

    private void Follow(FieldReader route, string name, bool sets, int? most)
    {
        if (sets && !live.Contains(name) && live.Count >= most)
        {
            route.Problems.Error(
                route.At("name"),
                $"{Shown.Text(name)} is set while {Shown.Text(live[0])} is live: an ingress-nginx canary carries one header route; "
                + $"remove {Shown.Text(live[0])} before, by a setHeaderRoute step with its name and without match");
        }
        else if (sets)
        {
            _ = live.Remove(name);
            live.Add(name);
        }
        else if (!live.Remove(name))
        {
            route.Problems.Warning(route.At("name"), $"removes {Shown.Text(name)}, which no step before has set");
        }
    }
}
