using System.Text.Json.Nodes;
using Rollouts.Traffic;

namespace Rollouts.Kubernetes.Tests.Traffic.Benches;

/// <summary>HTTPRoutes with two rules to the services and one elsewhere, or GRPCRoutes with one.</summary>
public class GatewayApiBench : RouterBench
{
    public override (string Group, string Version, string Plural) Kind => ("gateway.networking.k8s.io", "v1", "httproutes");

    public override string RoleFile => "gateway-api.yaml";

    public override bool HasMirrorRoutes => true;

    public override IReadOnlyList<((string Group, string Version, string Plural) Kind, JsonObject Object)> Objects(string name) => [(Kind, Json(
        $$"""
        {
          "apiVersion": "gateway.networking.k8s.io/v1",
          "kind": "HTTPRoute",
          "metadata": { "name": "{{name}}", "annotations": { "team": "shop" } },
          "spec": {
            "parentRefs": [{ "name": "public" }],
            "hostnames": ["{{name}}.example.com"],
            "rules": [
              {
                "matches": [{ "path": { "type": "PathPrefix", "value": "/assets" } }],
                "backendRefs": [{ "name": "assets", "port": 80 }]
              },
              {
                "matches": [{ "path": { "type": "PathPrefix", "value": "/cart" } }],
                "filters": [{ "type": "RequestHeaderModifier", "requestHeaderModifier": { "set": [{ "name": "X-Cart", "value": "1" }] } }],
                "timeouts": { "request": "7s" },
                "backendRefs": [{ "name": "shop-stable", "port": 80, "weight": 100 }, { "name": "shop-canary", "port": 80, "weight": 0 }]
              },
              {
                "backendRefs": [{ "name": "shop-stable", "port": 80, "weight": 100 }, { "name": "shop-canary", "port": 80, "weight": 0 }]
              }
            ]
          }
        }
        """))];

    public override TrafficTarget Route(TrafficTarget target, IReadOnlyList<string> names) =>
        target with { GatewayApi = new GatewayApiRouting { HttpRoutes = [.. names.Select(n => new GatewayRoute(n, true))] } };

    /// <inheritdoc/>
    public override int Share(JsonObject carrier) => Shares(carrier).Distinct().Single();

    /// <summary>A gateway takes the rule with the most header matches, then the first.</summary>
    public override string? HeaderGoesTo(JsonObject carrier, string header, string value)
    {
        bool Has(JsonObject compared) => (string?)compared["name"] == header && (string?)compared["value"] == value;
        JsonObject? rule = Items(carrier["spec"]!["rules"])
            .Where(r => Items(r["backendRefs"]).All(b => (string?)b["name"] != "assets"))
            .Select(r => (Rule: r, Matches: Items(r["matches"]).DefaultIfEmpty([]).Where(m => Items(m["headers"]).All(Has)).ToArray()))
            .Where(r => r.Matches.Length > 0)
            .OrderByDescending(r => r.Matches.Max(m => Items(m["headers"]).Count()))
            .Select(r => r.Rule)
            .FirstOrDefault();
        return Items(rule!["backendRefs"]).Select(b => (string?)b["name"]).ToArray() is ["shop-canary"] ? "canary" : null;
    }

    public override int Mirrored(JsonObject carrier) => Items(carrier["spec"]!["rules"])
        .SelectMany(r => Items(r["filters"]))
        .Where(f => (string?)f["type"] == "RequestMirror" && (string?)f["requestMirror"]!["backendRef"]!["name"] == "shop-canary")
        .Select(f => (int?)f["requestMirror"]!["percent"] ?? 100)
        .Distinct()
        .SingleOrDefault();

    public override JsonObject ByHand(JsonObject carrier, int share)
    {
        JsonNode rules = carrier["spec"]!["rules"]!.DeepClone();
        foreach (JsonObject backend in Items(rules).SelectMany(r => Items(r["backendRefs"])))
        {
            backend["weight"] = (string?)backend["name"] == "shop-canary" ? share : 100 - share;
        }

        return new JsonObject { ["spec"] = new JsonObject { ["rules"] = rules } };
    }

    public override JsonObject Extended(JsonObject carrier) => Edited(carrier, "rules", rules =>
    {
        foreach (JsonObject rule in Items(rules).Where(r => Items(r["backendRefs"]).Count() == 2))
        {
            rule["backendRefs"]!.AsArray().Add(Json("""{ "name": "shop-old", "port": 80, "weight": 20 }"""));
        }

        rules.Add(Json("""{ "backendRefs": [{ "name": "other", "port": 80 }] }"""));
    });

    public override JsonObject WithoutStable(JsonObject carrier) => Edited(carrier, "rules", rules =>
    {
        foreach (JsonObject rule in Items(rules))
        {
            rule["backendRefs"] = new JsonArray([.. Items(rule["backendRefs"]).Where(b => (string?)b["name"] != "shop-stable").Select(b => b.DeepClone())]);
        }
    });

    private static IEnumerable<int> Shares(JsonObject carrier) => Items(carrier["spec"]!["rules"])
        .Select(r => Items(r["backendRefs"]).ToDictionary(b => (string)b["name"]!, b => (int?)b["weight"] ?? 1))
        .Where(b => b.ContainsKey("shop-stable"))
        .Select(b => 100 * b["shop-canary"] / (b["shop-canary"] + b["shop-stable"]));
}

/// <summary>The same with GRPCRoutes.</summary>
public sealed class GrpcRouteBench : GatewayApiBench
{
    public override (string Group, string Version, string Plural) Kind => ("gateway.networking.k8s.io", "v1", "grpcroutes");

    public override IReadOnlyList<((string Group, string Version, string Plural) Kind, JsonObject Object)> Objects(string name)
    {
        JsonObject route = base.Objects(name)[0].Object;
        route["kind"] = "GRPCRoute";
        JsonArray rules = route["spec"]!["rules"]!.AsArray();
        rules[0]!["matches"] = new JsonArray(new JsonObject { ["method"] = new JsonObject { ["service"] = "assets.Files" } });
        rules[1]!["matches"] = new JsonArray(new JsonObject { ["method"] = new JsonObject { ["service"] = "shop.Cart", ["method"] = "Add" } });
        _ = rules[1]!.AsObject().Remove("timeouts");
        return [(Kind, route)];
    }

    public override TrafficTarget Route(TrafficTarget target, IReadOnlyList<string> names) =>
        target with { GatewayApi = new GatewayApiRouting { GrpcRoutes = [.. names.Select(n => new GatewayRoute(n, true))] } };
}
