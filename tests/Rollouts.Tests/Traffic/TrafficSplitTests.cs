using System.Text.Json;
using Rollouts.Machine;
using Rollouts.Traffic;

namespace Rollouts.Tests.Traffic;

public sealed class TrafficSplitTests
{
    private static readonly MirrorRoute s_shadow = new(
        "shadow", [new RequestMatch(new(HeaderMatchKind.Exact, "GET"), new(HeaderMatchKind.Prefix, "/cart"), [new("X-Beta", HeaderMatchKind.Regex, "a|b")])], 20);

    [Fact]
    public void Stored_WithMirrorRoutes_ReadsBackEqual()
    {
        var split = new TrafficSplit(5, [new HeaderRoute("internal", [new("X-Internal", HeaderMatchKind.Exact, "yes")], AnyMatch: true)]) { MirrorRoutes = [s_shadow] };

        Observation? read = JsonSerializer.Deserialize(
            JsonSerializer.Serialize(new TrafficRouted(split, 3), RolloutJson.Default.Observation), RolloutJson.Default.Observation);

        Assert.Equal(split, Assert.IsType<TrafficRouted>(read).Split);
        Assert.NotEqual(split, split with { MirrorRoutes = null });
    }

    [Fact]
    public void Stored_ByABuildWithoutMirrorRoutes_HasNone()
    {
        const string stored = """{"observation":"trafficRouted","split":{"canaryWeight":5,"headerRoutes":[{"name":"a","match":[]}]},"revision":3}""";

        var read = Assert.IsType<TrafficRouted>(JsonSerializer.Deserialize(stored, RolloutJson.Default.Observation));

        Assert.Equal(new TrafficSplit(5, [new HeaderRoute("a", [])]), read.Split);
        Assert.Equal(read.Split, read.Split with { MirrorRoutes = [] });
    }

    [Fact]
    public void HeaderMatch_NameInOtherCase_IsEqual() =>
        Assert.Equal(new HeaderMatch("X-Beta", HeaderMatchKind.Exact, "v"), new HeaderMatch("x-beta", HeaderMatchKind.Exact, "v"));
}
