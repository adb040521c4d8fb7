using System.Text.Json.Nodes;
using Rollouts.Traffic;

namespace Rollouts.Kubernetes.Traffic;

/// <summary>Makes the rules that do header and mirror routes, each from a rule that leads to both services.</summary>
internal sealed class GatewayRules(GatewayRoutePart part, TrafficTarget target)
{
    private const int All = 100;

    /// <exception cref="PortException">Kind Invalid: the rule compares already what the route compares.</exception>
    public JsonObject Copy(JsonObject source, ManagedRoute route, int order, int copy)
    {
        JsonObject rule = source.DeepClone().AsObject();
        rule["name"] = ManagedRoutes.RuleName(route, order, copy);
        JsonObject[] matches = JsonShape.Objects(source["matches"]).ToArray() is { Length: > 0 } own ? own : [[]];
        if (route.Header is { } header)
        {
            rule["matches"] = new JsonArray([.. matches.SelectMany(m => Alternatives(header).Select(h => WithHeaders(m, h)))]);
            JsonObject canary = part.Backend(rule, target.CanaryService)!.DeepClone().AsObject();
            canary["weight"] = 1;
            rule["backendRefs"] = new JsonArray(canary);
            return rule;
        }

        rule["matches"] = new JsonArray([.. matches.SelectMany(m => route.Mirror!.Match.Select(r => WithRequest(m, r)))]);
        rule["filters"] = new JsonArray([.. JsonShape.Objects(source["filters"]).Select(f => f.DeepClone()), Mirror(source, route.Mirror!)]);
        return rule;
    }

    /// <summary>Whether a rule is what <see cref="Copy"/> makes, whatever the server has added.</summary>
    public bool Is(JsonObject rule, JsonObject source, ManagedRoute route, int order, int copy)
    {
        try
        {
            JsonObject wanted = Copy(source, route, order, copy);
            _ = wanted.Remove("name");
            return JsonShape.Holds(rule, wanted);
        }
        catch (PortException)
        {
            return false;
        }
    }

    /// <summary>Whether each match of a rule carries the headers of a route.</summary>
    public static bool Compares(JsonObject rule, HeaderRoute route)
    {
        JsonObject[] matches = [.. JsonShape.Objects(rule["matches"])];
        return matches.Length > 0 && Array.TrueForAll(matches, m => Alternatives(route).Any(a => Array.TrueForAll(a, h =>
            JsonShape.Objects(m["headers"]).Any(has => JsonShape.Holds(has, Header(h))))));
    }

    public static bool MirrorsTo(JsonObject rule, string service) => JsonShape.Objects(rule["filters"]).Any(f =>
        JsonShape.Text(f["type"]) == "RequestMirror" && JsonShape.Text(f["requestMirror"]?["backendRef"]?["name"]) == service);

    private static HeaderMatch[][] Alternatives(HeaderRoute route) => route.AnyMatch ? [.. route.Match.Select(m => new[] { m })] : [[.. route.Match]];

    private JsonObject WithHeaders(JsonObject match, IReadOnlyList<HeaderMatch> headers)
    {
        JsonObject extended = match.DeepClone().AsObject();
        JsonArray all = extended["headers"] as JsonArray ?? [];
        foreach (HeaderMatch header in headers)
        {
            JsonObject wanted = Header(header);
            JsonObject? own = JsonShape.Objects(all).FirstOrDefault(h => string.Equals(JsonShape.Text(h["name"]), header.HeaderName, StringComparison.OrdinalIgnoreCase));
            if (own is null)
            {
                all.Add(wanted);
            }
            else if (!JsonShape.Holds(own, wanted))
            {
                throw part.Invalid($"has a rule that compares {header.HeaderName} already; a route can't compare it with something else");
            }
        }

        if (all.Count > 0)
        {
            extended["headers"] = all.DeepClone();
        }

        return extended;
    }

    private JsonObject WithRequest(JsonObject match, RequestMatch request)
    {
        JsonObject extended = WithHeaders(match, request.Headers);
        if (request.Method is { } method)
        {
            if (JsonShape.Text(extended["method"]) is { } own && own != method.Value)
            {
                throw part.Invalid($"has a rule for {own} requests only; a mirror route can't take {method.Value} from it");
            }

            extended["method"] = method.Value;
        }

        if (request.Path is { } path)
        {
            if (extended["path"] is { } own && !IsWithin(path, own))
            {
                throw part.Invalid($"has a rule for the path {JsonShape.Text(own["value"])}; a mirror route can't take {path} from it");
            }

            extended["path"] = path.Kind == HeaderMatchKind.Exact
                ? new JsonObject { ["type"] = "Exact", ["value"] = path.Value }
                // PathPrefix compares whole elements of a path, which a prefix does not.
                : new JsonObject { ["type"] = "RegularExpression", ["value"] = AnchoredExpression.Of(path.Kind, path.Value) };
        }

        return extended;
    }

    private static bool IsWithin(TextMatch path, JsonNode own)
    {
        string type = JsonShape.Text(own["type"]) ?? "PathPrefix";
        string value = JsonShape.Text(own["value"]) ?? "/";
        string prefix = value.TrimEnd('/');
        return type switch
        {
            "PathPrefix" when prefix.Length == 0 => true,
            "PathPrefix" => path.Kind != HeaderMatchKind.Regex && (path.Value == prefix || path.Value.StartsWith(prefix + "/", StringComparison.Ordinal)),
            "Exact" => path.Kind == HeaderMatchKind.Exact && path.Value == value,
            _ => false,
        };
    }

    private JsonObject Mirror(JsonObject source, MirrorRoute route)
    {
        JsonObject backend = part.Backend(source, target.CanaryService)!.DeepClone().AsObject();
        _ = backend.Remove("weight");
        _ = backend.Remove("filters");
        JsonObject mirror = new() { ["backendRef"] = backend };
        if (route.Percentage < All)
        {
            mirror["percent"] = route.Percentage;
        }

        return new JsonObject { ["type"] = "RequestMirror", ["requestMirror"] = mirror };
    }

    private static JsonObject Header(HeaderMatch match) => match.Kind == HeaderMatchKind.Exact
        ? new JsonObject { ["type"] = "Exact", ["name"] = match.HeaderName, ["value"] = match.Value }
        : new JsonObject { ["type"] = "RegularExpression", ["name"] = match.HeaderName, ["value"] = AnchoredExpression.Of(match.Kind, match.Value) };
}
