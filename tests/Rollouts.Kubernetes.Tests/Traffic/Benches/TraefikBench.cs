using System.Text.Json.Nodes;
using Rollouts.Traffic;

namespace Rollouts.Kubernetes.Tests.Traffic.Benches;

/// <summary>A TraefikService that weighs the two services; a target has one.</summary>
public sealed class TraefikBench : RouterBench
{
    public override (string Group, string Version, string Plural) Kind => ("traefik.io", "v1alpha1", "traefikservices");

    public override string RoleFile => "traefik.yaml";

    public override bool HasHeaderRoutes => false;

    public override IReadOnlyList<((string Group, string Version, string Plural) Kind, JsonObject Object)> Objects(string name) => [(Kind, Json(
        $$"""
        {
          "apiVersion": "traefik.io/v1alpha1",
          "kind": "TraefikService",
          "metadata": { "name": "{{name}}", "annotations": { "team": "shop" } },
          "spec": {
            "weighted": {
              "services": [{ "name": "shop-stable", "port": 80, "weight": 100 }, { "name": "shop-canary", "port": 80, "weight": 0 }],
              "sticky": { "cookie": { "name": "version" } }
            }
          }
        }
        """))];

    public override TrafficTarget Route(TrafficTarget target, IReadOnlyList<string> names) => target with { Traefik = new TraefikRouting(names[0]) };

    public override int Share(JsonObject carrier) => (int)Services(carrier).Single(s => (string?)s["name"] == "shop-canary")["weight"]!;

    public override string? HeaderGoesTo(JsonObject carrier, string header, string value) => null;

    public override JsonObject ByHand(JsonObject carrier, int share)
    {
        JsonNode services = carrier["spec"]!["weighted"]!["services"]!.DeepClone();
        foreach (JsonObject service in Items(services))
        {
            service["weight"] = (string?)service["name"] == "shop-canary" ? share : 100 - share;
        }

        return new JsonObject { ["spec"] = new JsonObject { ["weighted"] = new JsonObject { ["services"] = services } } };
    }

    public override JsonObject Extended(JsonObject carrier) =>
        Edited(carrier, services => services.Add(Json("""{ "name": "shop-old", "port": 80, "weight": 20 }""")));

    public override JsonObject WithoutStable(JsonObject carrier) =>
        Edited(carrier, services => services.Remove(services.Single(s => (string?)s!["name"] == "shop-stable")));

    private static JsonObject Edited(JsonObject carrier, Action<JsonArray> edit)
    {
        JsonNode weighted = carrier["spec"]!["weighted"]!.DeepClone();
        edit(weighted["services"]!.AsArray());
        return new JsonObject { ["spec"] = new JsonObject { ["weighted"] = weighted } };
    }

    private static IEnumerable<JsonObject> Services(JsonObject carrier) => Items(carrier["spec"]!["weighted"]!["services"]);
}
