using System.Text.Json.Nodes;
using Rollouts.Traffic;

namespace Rollouts.Kubernetes.Tests.Traffic.Benches;

/// <summary>Two routers in front of one service: for each name an HTTPRoute and a VirtualService, which get one split.</summary>
public sealed class SeveralRoutersBench : RouterBench
{
    private readonly GatewayApiBench gateway = new();
    private readonly IstioBench istio = new();

    public override (string Group, string Version, string Plural) Kind => istio.Kind;

    public override IReadOnlyList<(string Group, string Version, string Plural)> Carriers => [gateway.Kind, istio.Kind];

    public override string RoleFile => istio.RoleFile;

    public override bool HasMirrorRoutes => true;

    public override IReadOnlyList<((string Group, string Version, string Plural) Kind, JsonObject Object)> Objects(string name) =>
        [.. gateway.Objects(name), .. istio.Objects(name)];

    public override TrafficTarget Route(TrafficTarget target, IReadOnlyList<string> names) => istio.Route(gateway.Route(target, names), names);

    public override int Share(JsonObject carrier) => istio.Share(carrier);

    public override string? HeaderGoesTo(JsonObject carrier, string header, string value) => istio.HeaderGoesTo(carrier, header, value);

    public override int Mirrored(JsonObject carrier) => istio.Mirrored(carrier);

    public override JsonObject Extended(JsonObject carrier) => istio.Extended(carrier);

    public override JsonObject? WithoutStable(JsonObject carrier) => istio.WithoutStable(carrier);

    public override JsonObject ByHand(JsonObject carrier, int share) => istio.ByHand(carrier, share);
}
