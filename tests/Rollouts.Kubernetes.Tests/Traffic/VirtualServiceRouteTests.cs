using System.Text.Json.Nodes;
using Rollouts.Kubernetes.Requests;
using Rollouts.Kubernetes.Tests.Traffic.Benches;
using Rollouts.Kubernetes.Traffic;
using Rollouts.Traffic;

namespace Rollouts.Kubernetes.Tests.Traffic;

/// <summary>Several routes with several matches in one VirtualService: their order, and what each compares.</summary>
public sealed class VirtualServiceRouteTests
{
    private static readonly TrafficTarget s_target = new IstioBench().Route(
        new TrafficTarget { Namespace = "shop", RolloutName = "shop", StableService = "shop-stable", CanaryService = "shop-canary" }, ["web"]);

    private static readonly VirtualServicePart s_part = new(s_target, s_target.Istio!.VirtualServices[0], null);

    // As Argo does, Istio takes a request that has any of the matches.
    private static readonly HeaderRoute s_staff = new(
        "staff", [new("X-Team", HeaderMatchKind.Exact, "shop"), new("X-User", HeaderMatchKind.Prefix, "kim")], AnyMatch: true);

    private static readonly HeaderRoute s_beta = new("beta", [new("X-Beta", HeaderMatchKind.Regex, "v[0-9]+")], AnyMatch: true);

    private static readonly MirrorRoute s_shadow = new("shadow", [new(new(HeaderMatchKind.Exact, "GET"), null, []), new(null, new(HeaderMatchKind.Prefix, "/cart"), [])], 40);

    [Fact]
    public void Write_SeveralRoutes_StandInOrderBeforeTheUsersOwn()
    {
        JsonObject[] routes = Routes(s_part.Write(Live(), null, new TrafficSplit(30, [s_beta, s_staff]) { MirrorRoutes = [s_shadow] }));

        Assert.Equal(["rolloutfunctions-0-beta-0", "rolloutfunctions-1-staff-0", "rolloutfunctions-2-shadow-0", "assets", "primary"], routes.Select(r => (string?)r["name"]));
        Assert.Equal("""[{"headers":{"x-beta":{"regex":"v[0-9]+"}}}]""", Plain(routes[0]["match"]!));
        Assert.Equal("""[{"headers":{"x-team":{"exact":"shop"}}},{"headers":{"x-user":{"prefix":"kim"}}}]""", Plain(routes[1]["match"]!));
        Assert.All(routes[..2], r => Assert.Equal("""[{"destination":{"host":"shop-canary","port":{"number":80}},"weight":100}]""", Plain(r["route"]!)));
        Assert.Equal("""[{"method":{"exact":"GET"}},{"uri":{"prefix":"/cart"}}]""", Plain(routes[2]["match"]!));
        Assert.Equal("""{"value":40}""", Plain(routes[2]["mirrorPercentage"]!));
        // Whoever is copied is still a user of the weight.
        Assert.All(routes[2..].Where(r => (string?)r["name"] != "assets"), r => Assert.Equal([70, 30], r["route"]!.AsArray().Select(d => (int)d!["weight"]!)));
    }

    [Fact]
    public void Write_AllMatches_ComparesThemTogether()
    {
        JsonObject[] routes = Routes(s_part.Write(Live(), null, new TrafficSplit(0, [s_staff with { AnyMatch = false }])));

        Assert.Equal("""[{"headers":{"x-team":{"exact":"shop"},"x-user":{"prefix":"kim"}}}]""", Plain(routes[0]["match"]!));
    }

    [Fact]
    public void Write_RouteRemovedOrReordered_LeavesTheOthersAndTheUsersOwn()
    {
        TrafficSplit both = new(30, [s_beta, s_staff]);
        JsonObject written = s_part.Write(Live(), null, both);
        Assert.Equal(both, s_part.Read(written));

        TrafficSplit other = new(30, [s_staff, s_beta]);
        JsonObject reordered = s_part.Write(written, null, other);
        Assert.Equal(["rolloutfunctions-0-staff-0", "rolloutfunctions-1-beta-0"], Routes(reordered)[..2].Select(r => (string?)r["name"]));
        Assert.Equal(other, s_part.Read(reordered));

        JsonObject one = s_part.Write(reordered, null, new TrafficSplit(30, [s_beta]));
        Assert.Equal(["rolloutfunctions-0-beta-0", "assets", "primary"], Routes(one).Select(r => (string?)r["name"]));
        Assert.True(JsonNode.DeepEquals(Live()["spec"], s_part.Write(one, null, TrafficSplit.None)["spec"]));
    }

    [Theory]
    [InlineData("stable 50, canary 50", "stable 100, canary 0")]
    [InlineData("stable 40, canary 40, old 20", "stable 80, canary 0, old 20")]
    [InlineData("stable 50, canary 50, old 200", "stable 100, canary 0, old 200")]
    [InlineData("canary 50, old 50", "canary 0, old 100")]
    [InlineData("stable 100", "stable 100")]
    [InlineData("canary 100", "canary 100", "leads to host shop-canary only")]
    public void Withdraw_Destinations_AnotherTakesTheCanarysWeight(string live, string expected, string? remainder = null)
    {
        JsonObject service = Live();
        Routes(service)[1]["route"] = new JsonArray([.. live.Split(", ").Select(d => d.Split(' ')).Select(d => new JsonObject
        {
            ["destination"] = new JsonObject { ["host"] = $"shop-{d[0]}" },
            ["weight"] = int.Parse(d[1], System.Globalization.CultureInfo.InvariantCulture),
        })]);

        JsonObject withdrawn = s_part.Withdraw(service);

        Assert.Equal(expected, string.Join(", ", Routes(withdrawn)[1]["route"]!.AsArray().Select(d => $"{d!["destination"]!["host"]} {d["weight"]}"[5..])));
        Assert.Equal(TrafficSplit.None, s_part.Read(withdrawn));
        Assert.Equal(remainder is not null, s_part.Remainder(withdrawn)?.Contains(remainder!, StringComparison.Ordinal) == true);
        Assert.Equal(remainder is null, s_part.Remainder(withdrawn) is null);
    }

    /// <summary>As when somebody adds a route while the target names none.</summary>
    [Fact]
    public void Withdraw_SecondRoute_IsLeftAlone()
    {
        VirtualServicePart part = new(s_target, s_target.Istio!.VirtualServices[0] with { Routes = [] }, null);
        JsonObject live = s_part.Write(Live(), null, new TrafficSplit(50, [s_beta]));
        Assert.Equal(FailureKind.Invalid, Assert.Throws<PortException>(() => part.RequireSplittable(live)).Kind);

        Assert.True(JsonNode.DeepEquals(Live()["spec"], part.Withdraw(live)["spec"]));
    }

    private static JsonObject Live()
    {
        JsonObject service = new IstioBench().Objects("web")[0].Object;
        service["metadata"]!["namespace"] = "shop";
        return service;
    }

    private static JsonObject[] Routes(JsonObject service) => [.. service.Part("spec")["http"]!.AsArray().OfType<JsonObject>()];

    private static string Plain(JsonNode node) =>
        node.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
