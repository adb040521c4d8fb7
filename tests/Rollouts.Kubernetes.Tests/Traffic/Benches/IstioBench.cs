using System.Text.Json.Nodes;
using Rollouts.Traffic;

namespace Rollouts.Kubernetes.Tests.Traffic.Benches;

/// <summary>VirtualServices whose versions are two hosts.</summary>
public class IstioBench : RouterBench
{
    public override (string Group, string Version, string Plural) Kind => ("networking.istio.io", "v1beta1", "virtualservices");

    public override string RoleFile => "istio.yaml";

    public override bool HasMirrorRoutes => true;

    public override IReadOnlyList<((string Group, string Version, string Plural) Kind, JsonObject Object)> Objects(string name) => [(Kind, Json(
        $$"""
        {
          "apiVersion": "networking.istio.io/v1beta1",
          "kind": "VirtualService",
          "metadata": { "name": "{{name}}", "annotations": { "team": "shop" } },
          "spec": {
            "hosts": ["{{name}}.example.com"],
            "gateways": ["public"],
            "http": [
              { "name": "assets", "match": [{ "uri": { "prefix": "/assets" } }], "route": [{ "destination": { "host": "assets" } }] },
              {
                "name": "primary",
                "timeout": "7s",
                "rewrite": { "uri": "/" },
                "route": [
                  { "destination": {{Destination(isCanary: false)}}, "weight": 100, "headers": { "response": { "set": { "x-from": "stable" } } } },
                  { "destination": {{Destination(isCanary: true)}}, "weight": 0 }
                ]
              }
            ]
          }
        }
        """))];

    public override TrafficTarget Route(TrafficTarget target, IReadOnlyList<string> names) =>
        target with { Istio = new IstioRouting { VirtualServices = [.. names.Select(n => new IstioVirtualService(n, ["primary"]))] } };

    public override int Share(JsonObject carrier) => Destinations(Primary(carrier)).Where(d => IsCanary(d)).Select(d => (int?)d["weight"] ?? 0).Single();

    /// <summary>Istio takes the first route that matches.</summary>
    public override string? HeaderGoesTo(JsonObject carrier, string header, string value)
    {
        JsonObject first = Items(carrier["spec"]!["http"]).First(r =>
            r["match"] is null || Items(r["match"]).Any(m => m["headers"]?[header.ToLowerInvariant()]?["exact"]?.GetValue<string>() == value));
        return Destinations(first).ToArray() is [var only] && IsCanary(only) ? "canary" : null;
    }

    public override int Mirrored(JsonObject carrier) => Items(carrier["spec"]!["http"])
        .Where(r => r["mirror"] is JsonObject mirror && JsonNode.DeepEquals(mirror, Json(Destination(isCanary: true))))
        .Select(r => (int)r["mirrorPercentage"]!["value"]!)
        .SingleOrDefault();

    public override JsonObject ByHand(JsonObject carrier, int share)
    {
        JsonNode http = carrier["spec"]!["http"]!.DeepClone();
        foreach (JsonObject destination in Items(http).Where(r => (string?)r["name"] == "primary").SelectMany(Destinations))
        {
            destination["weight"] = IsCanary(destination) ? share : 100 - share;
        }

        return new JsonObject { ["spec"] = new JsonObject { ["http"] = http } };
    }

    public override JsonObject Extended(JsonObject carrier) => Edited(carrier, "http", http =>
    {
        JsonArray destinations = Items(http).Single(r => (string?)r["name"] == "primary")["route"]!.AsArray();
        foreach (JsonObject destination in Items(destinations))
        {
            destination["weight"] = (int)destination["weight"]! * 4 / 5;
        }

        destinations.Add(Json("""{ "destination": { "host": "shop-old" }, "weight": 20 }"""));
        http.Add(Json("""{ "name": "other", "route": [{ "destination": { "host": "other" } }] }"""));
    });

    public override JsonObject WithoutStable(JsonObject carrier) => Edited(carrier, "http", http =>
    {
        JsonObject primary = Items(http).Single(r => (string?)r["name"] == "primary");
        primary["route"] = new JsonArray([.. Items(primary["route"]).Where(IsCanary).Select(d => d.DeepClone())]);
    });

    protected virtual string Destination(bool isCanary) => isCanary ? """{ "host": "shop-canary", "port": { "number": 80 } }""" : """{ "host": "shop-stable", "port": { "number": 80 } }""";

    private static JsonObject Primary(JsonObject carrier) => Items(carrier["spec"]!["http"]).Single(r => (string?)r["name"] == "primary");

    private static IEnumerable<JsonObject> Destinations(JsonObject route) => Items(route["route"]);

    private bool IsCanary(JsonObject destination) => JsonNode.DeepEquals(destination["destination"], Json(Destination(isCanary: true)));
}

/// <summary>The same with two subsets of one host.</summary>
public sealed class IstioSubsetBench : IstioBench
{
    public override IReadOnlyList<((string Group, string Version, string Plural) Kind, JsonObject Object)> Objects(string name) =>
    [
        .. base.Objects(name),
        (("networking.istio.io", "v1beta1", "destinationrules"), Json(
            $$"""
            {
              "apiVersion": "networking.istio.io/v1beta1",
              "kind": "DestinationRule",
              "metadata": { "name": "{{name}}" },
              "spec": { "host": "shop", "subsets": [{ "name": "v1", "labels": { "version": "1" } }, { "name": "v2", "labels": { "version": "2" } }] }
            }
            """)),
    ];

    public override TrafficTarget Route(TrafficTarget target, IReadOnlyList<string> names)
    {
        TrafficTarget hosts = base.Route(target, names);
        return hosts with { Istio = hosts.Istio! with { DestinationRule = new IstioDestinationRule(names[0], "v2", "v1") } };
    }

    protected override string Destination(bool isCanary) => isCanary ? """{ "host": "shop", "subset": "v2" }""" : """{ "host": "shop", "subset": "v1" }""";
}
