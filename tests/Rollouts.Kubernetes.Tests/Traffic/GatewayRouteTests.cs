using System.Text.Json.Nodes;
using Rollouts.Kubernetes.Requests;
using Rollouts.Kubernetes.Tests.Traffic.Benches;
using Rollouts.Kubernetes.Traffic;
using Rollouts.Traffic;

namespace Rollouts.Kubernetes.Tests.Traffic;

/// <summary>What an HTTPRoute becomes, and what its gateway says of it.</summary>
public sealed class GatewayRouteTests
{
    private static readonly TrafficTarget s_target = new GatewayApiBench().Route(
        new TrafficTarget { Namespace = "shop", RolloutName = "shop", StableService = "shop-stable", CanaryService = "shop-canary" }, ["web"]);

    private static readonly GatewayRoutePart s_part = new(s_target, new GatewayRoute("web", true), isGrpc: false);

    private static readonly TrafficSplit s_split = new(
        25,
        [
            new("Internal users", [new("X-Internal", HeaderMatchKind.Exact, "yes")]),
            new("beta", [new("X-Beta", HeaderMatchKind.Prefix, "v1.2+"), new("X-Team", HeaderMatchKind.Regex, "a|b")]),
        ])
    {
        MirrorRoutes = [new MirrorRoute("shadow", [new(new(HeaderMatchKind.Exact, "GET"), new(HeaderMatchKind.Prefix, "/cart/add"), [])], 100)],
    };

    [Fact]
    public void Write_Routes_CopiesRulesWithFiltersAndTimeouts()
    {
        JsonObject[] rules = Rules(s_part.Write(Live(), null, s_split));

        Assert.Equal(
            [
                "rolloutfunctions-0-internal-users-0", "rolloutfunctions-0-internal-users-1", "rolloutfunctions-1-beta-0", "rolloutfunctions-1-beta-1",
                "rolloutfunctions-2-shadow-0", "rolloutfunctions-2-shadow-1", null, null, null,
            ],
            rules.Select(r => (string?)r["name"]));
        Assert.Equal(
            """{"matches":[{"path":{"type":"PathPrefix","value":"/cart"},"headers":[{"type":"Exact","name":"X-Internal","value":"yes"}]}],"filters":[{"type":"RequestHeaderModifier","requestHeaderModifier":{"set":[{"name":"X-Cart","value":"1"}]}}],"timeouts":{"request":"7s"},"backendRefs":[{"name":"shop-canary","port":80,"weight":1}]}""",
            Unnamed(rules[0]));
        Assert.Equal(
            """[{"headers":[{"type":"RegularExpression","name":"X-Beta","value":"^v1\\.2\\+.*$"},{"type":"RegularExpression","name":"X-Team","value":"^(?:a|b)$"}]}]""",
            Plain(rules[3]["matches"]!));
        Assert.Equal("""[{"path":{"type":"RegularExpression","value":"^/cart/add.*$"},"method":"GET"}]""", Plain(rules[4]["matches"]!));
        Assert.Equal("""{"type":"RequestMirror","requestMirror":{"backendRef":{"name":"shop-canary","port":80}}}""", Plain(rules[4]["filters"]![1]!));
        Assert.Equal("""[{"name":"shop-stable","port":80,"weight":75},{"name":"shop-canary","port":80,"weight":25}]""", Plain(rules[4]["backendRefs"]!));
        Assert.Equal("assets", (string?)rules[6]["backendRefs"]![0]!["name"]);
    }

    [Fact]
    public void Read_SchemaWithoutRuleNames_KnowsItsRulesAllTheSame()
    {
        JsonObject written = s_part.Write(Live(), null, s_split);
        foreach (JsonObject rule in Rules(written))
        {
            rule.Remove("name");
        }

        Assert.Equal(s_split, s_part.Read(written));
        JsonObject back = s_part.Write(written, null, TrafficSplit.None);
        Assert.True(JsonNode.DeepEquals(Live()["spec"], back["spec"]), Plain(back["spec"]!));
    }

    [Fact]
    public void Read_ServerAddsDefaults_IsStillTheSplit()
    {
        JsonObject written = s_part.Write(Live(), null, s_split);
        foreach (JsonObject rule in Rules(written))
        {
            foreach (JsonObject backend in rule["backendRefs"]!.AsArray().OfType<JsonObject>())
            {
                backend["group"] = "";
                backend["kind"] = "Service";
            }

            foreach (JsonObject mirrored in (rule["filters"] as JsonArray ?? []).Select(f => f!["requestMirror"]?["backendRef"]).OfType<JsonObject>())
            {
                mirrored["group"] = "";
                mirrored["kind"] = "Service";
            }
        }

        Assert.Equal(s_split, s_part.Read(written));
    }

    [Fact]
    public void Read_PercentOfAMirrorWasDropped_IsNotWhatWasWritten()
    {
        TrafficSplit half = new(0, []) { MirrorRoutes = [s_split.MirrorRoutes![0] with { Percentage = 50 }] };
        JsonObject written = s_part.Write(Live(), null, half);
        foreach (JsonObject mirror in Rules(written).SelectMany(r => (r["filters"] as JsonArray ?? []).OfType<JsonObject>()).Select(f => f["requestMirror"]).OfType<JsonObject>())
        {
            mirror.Remove("percent");
        }

        Assert.NotEqual(half, s_part.Read(written));
    }

    [Theory]
    [InlineData(1, 1, 50)]
    [InlineData(null, null, 50)]
    [InlineData(3, 1, 25)]
    [InlineData(999, 1, 1)]
    [InlineData(0, 7, 100)]
    [InlineData(0, 0, 0)]
    public void Read_AnyWeights_GivesTheCanarysShare(int? stable, int? canary, int weight)
    {
        JsonObject live = Live();
        foreach (JsonObject rule in Rules(live).Skip(1))
        {
            rule["backendRefs"] = new JsonArray(new JsonObject { ["name"] = "shop-stable", ["weight"] = stable }, new JsonObject { ["name"] = "shop-canary", ["weight"] = canary });
        }

        Assert.Equal(weight, s_part.Read(live).CanaryWeight);
    }

    [Fact]
    public void Write_RuleComparesTheHeaderAlready_IsRefused()
    {
        JsonObject live = Live();
        Rules(live)[1]["matches"]![0]!["headers"] = new JsonArray(new JsonObject { ["name"] = "x-internal", ["value"] = "other" });

        PortException refusal = Assert.Throws<PortException>(() => s_part.Write(live, null, s_split));

        Assert.Equal(FailureKind.Invalid, refusal.Kind);
        Assert.Contains("compares X-Internal already", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RequireSplittable_ThirdBackend_IsRefused()
    {
        JsonObject live = Live();
        Rules(live)[1]["backendRefs"]!.AsArray().Add(new JsonObject { ["name"] = "shop-old", ["weight"] = 5 });

        Assert.Contains("other backends", Assert.Throws<PortException>(() => s_part.RequireSplittable(live)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4, "True", "True", null, null)]
    [InlineData(3, "True", "True", "Gateway `public` is not in force: example.com/gateway has seen generation 3, the route's is 4", "Gateway `public` is not in force: example.com/gateway has seen generation 3, the route's is 4")]
    [InlineData(4, "False", "True", "Gateway `public` is not in force: example.com/gateway says Accepted: NoMatchingListenerHostname, no listener", null)]
    [InlineData(4, "True", "False", "Gateway `public` is not in force: example.com/gateway says ResolvedRefs: NoMatchingListenerHostname, no listener", null)]
    public void Pending_Status_IsTakenAtItsWord(int observed, string accepted, string resolved, string? pending, string? withdrawn)
    {
        JsonObject live = Live();
        live["metadata"]!["generation"] = 4;
        JsonObject Condition(string type, string status) => new()
        {
            ["type"] = type,
            ["status"] = status,
            ["reason"] = "NoMatchingListenerHostname",
            ["message"] = "no listener",
            ["observedGeneration"] = observed,
        };
        live["status"] = new JsonObject
        {
            ["parents"] = new JsonArray(
                new JsonObject { ["controllerName"] = "old.example.com/gateway", ["parentRef"] = new JsonObject { ["name"] = "another" }, ["conditions"] = new JsonArray() },
                new JsonObject
                {
                    ["controllerName"] = "example.com/gateway",
                    ["parentRef"] = new JsonObject { ["group"] = "gateway.networking.k8s.io", ["kind"] = "Gateway", ["namespace"] = "shop", ["name"] = "public" },
                    ["conditions"] = new JsonArray(Condition("Accepted", accepted), Condition("ResolvedRefs", resolved)),
                }),
        };

        JsonObject read = JsonNode.Parse(live.ToJsonString())!.AsObject();
        Assert.Equal(pending, s_part.Pending(read, withdrawn: false));
        Assert.Equal(withdrawn, s_part.Pending(read, withdrawn: true));
    }

    [Fact]
    public void Pending_NoStatus_NamesTheGateway() => Assert.Equal("no controller has taken it up for Gateway `public`", s_part.Pending(Live(), withdrawn: false));

    [Fact]
    public void Withdraw_RulesOfEveryKind_TakesTheCanarysWeightWhereSomethingElseIsLeft()
    {
        JsonObject live = s_part.Write(Live(), null, s_split);
        JsonObject[] rules = Rules(live);
        rules[^2]["backendRefs"]!.AsArray().Add(new JsonObject { ["name"] = "shop-old", ["weight"] = 5 });
        rules[^1]["backendRefs"]![0]!["name"] = "shop-next";
        live.Part("spec")["rules"]!.AsArray().Add(new JsonObject { ["backendRefs"] = new JsonArray(new JsonObject { ["name"] = "shop-canary" }) });

        JsonObject withdrawn = s_part.Withdraw(live);

        Assert.Equal(
            ["assets", "shop-stable 100, shop-canary 0, shop-old 5", "shop-next 75, shop-canary 0", "shop-canary"],
            Rules(withdrawn).Select(r => string.Join(", ", r["backendRefs"]!.AsArray().Select(b => $"{b!["name"]} {b["weight"]}".Trim()))));
        Assert.Equal(TrafficSplit.None, s_part.Read(withdrawn));
        // A rule that leads to the canary alone, beside those that are split, is somebody's own.
        Assert.Null(s_part.Remainder(withdrawn));
    }

    private static JsonObject Live()
    {
        JsonObject route = new GatewayApiBench().Objects("web")[0].Object;
        route["metadata"]!["namespace"] = "shop";
        return route;
    }

    private static JsonObject[] Rules(JsonObject route) => [.. route.Part("spec")["rules"]!.AsArray().OfType<JsonObject>()];

    private static string Unnamed(JsonObject rule)
    {
        JsonObject copy = rule.DeepClone().AsObject();
        copy.Remove("name");
        return Plain(copy);
    }

    private static string Plain(JsonNode node) =>
        node.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
