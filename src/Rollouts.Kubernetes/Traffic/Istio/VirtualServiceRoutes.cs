using System.Text.Json.Nodes;
using Rollouts.Traffic;

namespace Rollouts.Kubernetes.Traffic;

/// <summary>Makes the HTTP routes that do header and mirror routes, each from a route that leads to both versions.</summary>
internal sealed class VirtualServiceRoutes(VirtualServicePart part)
{
    /// <exception cref="PortException">Kind Invalid: the route compares already what ours compares, or mirrors already.</exception>
    public JsonObject Copy(JsonObject source, ManagedRoute route, int order, int copy)
    {
        JsonObject made = source.DeepClone().AsObject();
        made["name"] = ManagedRoutes.RuleName(route, order, copy);
        JsonObject[] matches = JsonShape.Objects(source["match"]).ToArray() is { Length: > 0 } own ? own : [[]];
        JsonObject canary = part.Destination(source, isCanary: true)!.DeepClone().AsObject();
        if (route.Header is { } header)
        {
            HeaderMatch[][] alternatives = header.AnyMatch ? [.. header.Match.Select(m => new[] { m })] : [[.. header.Match]];
            made["match"] = new JsonArray([.. matches.SelectMany(m => alternatives.Select(a => WithHeaders(m, a)))]);
            canary["weight"] = 100;
            made["route"] = new JsonArray(canary);
            return made;
        }

        if (source["mirror"] is not null || source["mirrors"] is not null)
        {
            throw part.Invalid("has an HTTP route that mirrors already; a mirror route can't be put before it");
        }

        made["match"] = new JsonArray([.. matches.SelectMany(m => route.Mirror!.Match.Select(r => WithRequest(m, r)))]);
        made["mirror"] = canary["destination"]!.DeepClone();
        made["mirrorPercentage"] = new JsonObject { ["value"] = route.Mirror!.Percentage };
        return made;
    }

    /// <summary>Whether a route is what <see cref="Copy"/> makes.</summary>
    public bool Is(JsonObject route, JsonObject source, ManagedRoute wanted, int order, int copy)
    {
        try
        {
            return JsonShape.Holds(route, Copy(source, wanted, order, copy));
        }
        catch (PortException)
        {
            return false;
        }
    }

    private JsonObject WithHeaders(JsonObject match, IReadOnlyList<HeaderMatch> headers)
    {
        JsonObject extended = match.DeepClone().AsObject();
        JsonObject all = extended["headers"] as JsonObject ?? [];
        foreach (HeaderMatch header in headers)
        {
            // Istio takes header names in lower case only.
            Compare(all, header.HeaderName.ToLowerInvariant(), Text(header.Kind, header.Value), header.HeaderName);
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
            Compare(extended, "method", Text(method.Kind, method.Value), "the method");
        }

        if (request.Path is { } path)
        {
            if (JsonShape.Text(extended["uri"]?["prefix"]) is { } own && path.Kind != HeaderMatchKind.Regex && path.Value.StartsWith(own, StringComparison.Ordinal))
            {
                _ = extended.Remove("uri");
            }

            Compare(extended, "uri", Text(path.Kind, path.Value), "the path");
        }

        return extended;
    }

    private void Compare(JsonObject match, string field, JsonObject wanted, string what)
    {
        if (match[field] is { } own && !JsonNode.DeepEquals(own, wanted))
        {
            throw part.Invalid($"has an HTTP route that compares {what} already; a route can't compare it with something else");
        }

        match[field] = wanted;
    }

    private static JsonObject Text(HeaderMatchKind kind, string value) => new()
    {
        [kind switch { HeaderMatchKind.Exact => "exact", HeaderMatchKind.Prefix => "prefix", _ => "regex" }] = value,
    };
}
