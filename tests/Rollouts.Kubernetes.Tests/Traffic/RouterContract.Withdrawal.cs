using System.Text.Json.Nodes;
using Rollouts.Kubernetes.Tests.Traffic.Benches;
using Rollouts.Kubernetes.Traffic;
using Rollouts.Traffic;

namespace Rollouts.Kubernetes.Tests.Traffic;

/// <summary>Taking the canary's traffic away from objects that somebody has edited.</summary>
public abstract partial class RouterContract
{
    [Fact]
    public async Task Withdraw_SomebodyExtendedTheObject_TakesTheTrafficAndKeepsTheRest()
    {
        await ClaimAsync(Two);
        JsonObject extended = bench.Extended(await ReadAsync());
        await ApplyAsync(Two, Routed(50), 1);
        await PatchAsync(bench.Extended(await ReadAsync()));

        Assert.Equal(TrafficSplit.None, await ApplyAsync(Two, TrafficSplit.None, 2));

        JsonObject withdrawn = await ReadAsync();
        Assert.Equal(0, bench.Share(withdrawn));
        Assert.Equal(0, bench.Mirrored(withdrawn));
        // Nothing but weights of the two versions, and our own routes, is other than if it had been extended at rest.
        foreach ((string field, JsonNode? value) in extended["spec"]!.AsObject())
        {
            Assert.Equal(Weightless(value!), Weightless(withdrawn["spec"]![field]!));
        }

        Assert.Equal(Weights(extended, 20), Weights(withdrawn, 20));
        Assert.Equal(TrafficSplit.None, await Router.RenewAsync(Two, TrafficSplit.None, Owner, Cancellation));
    }

    [Fact]
    public async Task Withdraw_OwnerOfAnExtendedObjectIsSilent_IsDoneByWhoeverTakesItOver()
    {
        await ClaimAsync(One, "first");
        await ApplyAsync(One, Routed(50), 1, "first");
        await PatchAsync(bench.Extended(await ReadAsync()));
        await AnnotateAsync("rolloutfunctions/renewed", "2020-01-01T00:00:00Z");

        Assert.Equal("first", (await Router.ClaimAsync(One, "watchdog", TimeSpan.FromMinutes(30), Cancellation)).TakenFrom);
        Assert.Equal(TrafficSplit.None, await ApplyAsync(One, TrafficSplit.None, long.MaxValue, "watchdog"));
        await Router.ReleaseAsync(One, "watchdog", Cancellation);

        Assert.Equal(0, await ShareAsync());
        Assert.Null(await OwnerAsync());
    }

    [Fact]
    public async Task Withdraw_NoStableVersionIsLeft_SaysThatTheCanaryKeepsItsTraffic()
    {
        await ClaimAsync(One);
        await ApplyAsync(One, Routed(50), 1);
        if (bench.WithoutStable(await ReadAsync()) is not { } patch)
        {
            return;
        }

        await PatchAsync(patch);
        PortException refusal = await RefusedAsync(FailureKind.Invalid, () => ApplyAsync(One, TrafficSplit.None, 2));

        Assert.Contains("lead", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>As when its service was deleted with the version that failed.</summary>
    [Fact]
    public async Task Withdraw_GatewayDoesNotFindTheCanarysService_IsDone()
    {
        if (bench is not GatewayApiBench)
        {
            return;
        }

        KubernetesRouter impatient = new(_routed!, TimeProvider.System, new() { AcceptanceTime = TimeSpan.Zero });
        await ClaimAsync(One);
        await ApplyAsync(One, Routed(50), 1);
        _resolved = "False";

        PortException refusal = await RefusedAsync(FailureKind.Transient, () => impatient.ApplyAsync(One, Routed(60), Owner, 2, Cancellation));
        Assert.Contains("ResolvedRefs", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(TrafficSplit.None, await impatient.ApplyAsync(One, TrafficSplit.None, Owner, 3, Cancellation));
        Assert.Equal(0, await ShareAsync());
    }

    private static string Weightless(JsonNode value)
    {
        JsonNode copy = value.DeepClone();
        foreach (JsonObject part in Objects(copy))
        {
            _ = part.Remove("weight");
        }

        return copy.ToJsonString();
    }

    /// <summary>How many weights are this one.</summary>
    private static int Weights(JsonObject carrier, int weight) => Objects(carrier["spec"]!.DeepClone()).Count(o => (int?)o["weight"] == weight);

    private static JsonObject[] Objects(JsonNode? value) => value switch
    {
        JsonObject part => [part, .. part.SelectMany(p => Objects(p.Value))],
        JsonArray list => [.. list.SelectMany(Objects)],
        _ => [],
    };
}
