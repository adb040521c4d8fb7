using System.Text.Json.Nodes;
using k8s;
using Rollouts.Traffic;

namespace Rollouts.Kubernetes.Tests.Traffic.Benches;

public sealed class IngressNginxBench : RouterBench
{
    private const string Prefix = "nginx.ingress.kubernetes.io/";

    public override (string Group, string Version, string Plural) Kind => ("networking.k8s.io", "v1", "ingresses");

    public override string RoleFile => "ingress-nginx.yaml";

    public override IReadOnlyList<((string Group, string Version, string Plural) Kind, JsonObject Object)> Objects(string name) =>
        [(Kind, Json(KubernetesJson.Serialize(Ingresses.Stable(name))))];

    public override string Carrier(string name) => $"shop-{name}-canary";

    public override TrafficTarget Route(TrafficTarget target, IReadOnlyList<string> names) => target with { Nginx = new NginxRouting { StableIngresses = names } };

    public override int Share(JsonObject carrier) => int.Parse((string)Annotation(carrier, "canary-weight")!, System.Globalization.CultureInfo.InvariantCulture);

    public override string? HeaderGoesTo(JsonObject carrier, string header, string value) =>
        (string?)Annotation(carrier, "canary-by-header") == header && (string?)Annotation(carrier, "canary-by-header-value") == value ? "canary" : null;

    public override JsonObject ByHand(JsonObject carrier, int share) => new()
    {
        ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Prefix + "canary-weight"] = $"{share}" } },
    };

    public override JsonObject Extended(JsonObject carrier) => Edited(carrier, "rules", rules =>
    {
        JsonObject other = rules[0]!.DeepClone().AsObject();
        other["host"] = "other.example.com";
        rules.Add(other);
    });

    private static JsonNode? Annotation(JsonObject carrier, string key) => carrier["metadata"]!["annotations"]![Prefix + key];
}
