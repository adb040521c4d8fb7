using System.Text.Json.Nodes;
using Rollouts.Traffic;

namespace Rollouts.Kubernetes.Tests.Traffic;

/// <summary>Writing splits.</summary>
public abstract partial class RouterContract
{
    [Fact]
    public async Task Apply_EveryWeight_IsWhatTheDataPlaneDoes()
    {
        await ClaimAsync(Two);
        foreach ((int revision, int weight) in new[] { 1, 5, 33, 50, 99, 100, 0 }.Index())
        {
            Assert.Equal(Split(weight), await ApplyAsync(Two, Split(weight), revision + 1));
            foreach (string name in Names)
            {
                Assert.Equal(weight, await ShareAsync(name));
            }
        }
    }

    [Fact]
    public async Task Apply_HeaderRoute_GoesToTheCanaryAtAnyWeight()
    {
        if (!bench.HasHeaderRoutes)
        {
            await ClaimAsync(One);
            await RefusedAsync(FailureKind.Invalid, () => ApplyAsync(One, Split(5, s_internal), 1));
            return;
        }

        await ClaimAsync(Two);

        Assert.Equal(Split(0, s_internal), await ApplyAsync(Two, Split(0, s_internal), 1));
        Assert.Equal(Split(5, s_internal), await ApplyAsync(Two, Split(5, s_internal), 2));
        foreach (string name in Names)
        {
            Assert.Equal("canary", bench.HeaderGoesTo(await ReadAsync(name), "X-Internal", "yes"));
            Assert.Null(bench.HeaderGoesTo(await ReadAsync(name), "X-Internal", "no"));
            Assert.Equal(5, await ShareAsync(name));
        }
    }

    [Fact]
    public async Task Apply_RoutesAndBack_LeavesTheSpecAsItWas()
    {
        await ClaimAsync(One);
        JsonNode before = await ShapeAsync();

        await ApplyAsync(One, Routed(30), 1);
        Assert.False(JsonNode.DeepEquals(before, await ShapeAsync()));
        await ApplyAsync(One, TrafficSplit.None, 2);

        Assert.True(JsonNode.DeepEquals(before, await ShapeAsync()), $"{await ShapeAsync()}");
    }

    [Fact]
    public async Task Apply_MirrorRoute_CopiesToTheCanary()
    {
        TrafficSplit mirrored = Split(10) with { MirrorRoutes = [s_shadow] };
        await ClaimAsync(One);
        if (!bench.HasMirrorRoutes)
        {
            await RefusedAsync(FailureKind.Invalid, () => ApplyAsync(One, mirrored, 1));
            return;
        }

        Assert.Equal(mirrored, await ApplyAsync(One, mirrored, 1));
        Assert.Equal(40, bench.Mirrored(await ReadAsync()));
        Assert.Equal(mirrored with { CanaryWeight = 20 }, await ApplyAsync(One, mirrored with { CanaryWeight = 20 }, 2));

        await ApplyAsync(One, Split(20), 3);
        Assert.Equal(0, bench.Mirrored(await ReadAsync()));
    }

    [Fact]
    public async Task Apply_SomebodyTookARouteAway_IsSeenAndWrittenAgain()
    {
        if (!bench.HasHeaderRoutes)
        {
            return;
        }

        await ClaimAsync(One);
        JsonObject bare = await ReadAsync();
        await ApplyAsync(One, Split(0, s_internal), 1);
        await PatchAsync(Reversal(bare));

        Assert.Empty((await Router.RenewAsync(One, Split(0, s_internal), Owner, Cancellation)).HeaderRoutes);
        Assert.Equal(Split(0, s_internal), await ApplyAsync(One, Split(0, s_internal), 1));
        Assert.Equal("canary", bench.HeaderGoesTo(await ReadAsync(), "X-Internal", "yes"));
    }

    [Fact]
    public async Task Apply_ForeignMarks_AreKept()
    {
        await ClaimAsync(One);
        await AnnotateAsync("team", "payments");

        await ApplyAsync(One, Routed(30), 1);
        await ApplyAsync(One, TrafficSplit.None, 2);
        await Router.ReleaseAsync(One, Owner, Cancellation);

        Assert.Equal("payments", await AnnotationAsync("team"));
    }

    /// <summary>As much as the router can do.</summary>
    private TrafficSplit Routed(int weight) => Split(weight, bench.HasHeaderRoutes ? [s_internal] : []) with
    {
        MirrorRoutes = bench.HasMirrorRoutes ? [s_shadow] : null,
    };

    /// <summary>All but what is the server's or the owner's.</summary>
    private async Task<JsonNode> ShapeAsync()
    {
        JsonObject carrier = await ReadAsync();
        JsonObject annotations = carrier["metadata"]!["annotations"]!.AsObject();
        foreach (string key in annotations.Select(a => a.Key).Where(k => k.StartsWith("rolloutfunctions/", StringComparison.Ordinal) || k.Contains("actions.", StringComparison.Ordinal)).ToList())
        {
            annotations.Remove(key);
        }

        return new JsonObject { ["annotations"] = annotations.DeepClone(), ["spec"] = carrier["spec"]!.DeepClone() };
    }

    /// <summary>Makes spec and header annotations of a carrier what they were, but not our own marks.</summary>
    private static JsonObject Reversal(JsonObject bare) => new()
    {
        ["metadata"] = new JsonObject
        {
            ["annotations"] = new JsonObject
            {
                ["nginx.ingress.kubernetes.io/canary-by-header"] = null,
                ["nginx.ingress.kubernetes.io/canary-by-header-value"] = null,
            },
        },
        ["spec"] = bare["spec"]!.DeepClone(),
    };
}
