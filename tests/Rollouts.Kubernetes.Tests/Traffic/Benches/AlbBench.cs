using System.Text.Json.Nodes;
using Rollouts.Traffic;

namespace Rollouts.Kubernetes.Tests.Traffic.Benches;

/// <summary>Ingresses with an action as the backend of one path.</summary>
public sealed class AlbBench : RouterBench
{
    private const string Prefix = "alb.ingress.kubernetes.io/";

    public override (string Group, string Version, string Plural) Kind => ("networking.k8s.io", "v1", "ingresses");

    public override string RoleFile => "alb.yaml";

    public override IReadOnlyList<((string Group, string Version, string Plural) Kind, JsonObject Object)> Objects(string name) => [(Kind, Json(
        $$"""
        {
          "apiVersion": "networking.k8s.io/v1",
          "kind": "Ingress",
          "metadata": { "name": "{{name}}", "annotations": { "team": "shop", "{{Prefix}}scheme": "internet-facing" } },
          "spec": {
            "ingressClassName": "alb",
            "rules": [{
              "host": "{{name}}.example.com",
              "http": { "paths": [
                { "path": "/assets", "pathType": "Prefix", "backend": { "service": { "name": "assets", "port": { "number": 80 } } } },
                { "path": "/", "pathType": "Prefix", "backend": { "service": { "name": "shop-root", "port": { "name": "use-annotation" } } } }
              ] }
            }]
          }
        }
        """))];

    public override TrafficTarget Route(TrafficTarget target, IReadOnlyList<string> names) =>
        target with { Alb = new AlbRouting { Ingresses = names, ServicePort = 80, RootService = "shop-root" } };

    public override int Share(JsonObject carrier) => Action(carrier, "shop-root") is { } action
        ? Items(action["forwardConfig"]!["targetGroups"]).Where(g => (string?)g["serviceName"] == "shop-canary").Select(g => (int)g["weight"]!).Single()
        : 0;

    /// <summary>The controller makes a rule of each path, in their order.</summary>
    public override string? HeaderGoesTo(JsonObject carrier, string header, string value)
    {
        foreach (string backend in Items(carrier["spec"]!["rules"]![0]!["http"]!["paths"]).Where(p => (string?)p["path"] == "/").Select(p => (string)p["backend"]!["service"]!["name"]!))
        {
            JsonNode? conditions = (string?)carrier["metadata"]!["annotations"]![$"{Prefix}conditions.{backend}"] is { } text ? JsonNode.Parse(text) : null;
            bool matches = conditions is null || Items(conditions).All(c =>
                (string?)c["httpHeaderConfig"]!["httpHeaderName"] == header && (string?)c["httpHeaderConfig"]!["values"]![0] == value);
            if (matches)
            {
                string[] groups = [.. Items(Action(carrier, backend)?["forwardConfig"]?["targetGroups"]).Select(g => (string)g["serviceName"]!)];
                return groups is ["shop-canary"] ? "canary" : null;
            }
        }

        return null;
    }

    public override JsonObject ByHand(JsonObject carrier, int share) => new()
    {
        ["metadata"] = new JsonObject
        {
            ["annotations"] = new JsonObject
            {
                [$"{Prefix}actions.shop-root"] =
                    """{"Type":"forward","ForwardConfig":{"TargetGroups":["""
                    + $$"""{"ServiceName":"shop-canary","ServicePort":"80","Weight":{{share}}},"""
                    + $$"""{"ServiceName":"shop-stable","ServicePort":"80","Weight":{{100 - share}}}""" + "]}}",
            },
        },
    };

    public override JsonObject Extended(JsonObject carrier) => Edited(carrier, "rules", rules =>
    {
        JsonObject other = rules[0]!.DeepClone().AsObject();
        other["host"] = "other.example.com";
        rules.Add(other);
    });

    /// <summary>Its paths lead to the canary's service instead of the action.</summary>
    public override JsonObject WithoutStable(JsonObject carrier) => Edited(carrier, "rules", rules =>
    {
        foreach (JsonNode? path in rules.SelectMany(r => r!["http"]!["paths"]!.AsArray()).Where(p => (string?)p!["backend"]!["service"]!["name"] == "shop-root"))
        {
            path!["backend"] = Json("""{ "service": { "name": "shop-canary", "port": { "number": 80 } } }""");
        }
    });

    private static JsonNode? Action(JsonObject carrier, string name) =>
        (string?)carrier["metadata"]!["annotations"]![$"{Prefix}actions.{name}"] is { } text ? JsonNode.Parse(text) : null;
}
