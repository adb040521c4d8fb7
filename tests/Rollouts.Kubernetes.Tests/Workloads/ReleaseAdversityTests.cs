using Rollouts.Kubernetes.Tests.Clusters;
using Rollouts.Kubernetes.Tests.Traffic;
using Rollouts.Machine;

namespace Rollouts.Kubernetes.Tests.Workloads;

/// <summary>Releases while the API server fails and while somebody else writes to the same objects.</summary>
public sealed class ReleaseAdversityTests(WorkloadCluster cluster) : WholeReleaseTest(cluster)
{
    public static TheoryData<string> Faults =>
        new("500", "429", "reset", "reset after it was done", "silence");

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Release_CallsFailNowAndThen_IsPromotedAllTheSame(string fault)
    {
        await RunningAsync("shop:1");
        Random chance = new(1);
        int spoilt = 0;
        EngineRequests.Spoil = _ =>
        {
            // Whoever meets silence waits for its timeout.
            if (chance.Next(fault == "silence" ? 60 : 20) != 0)
            {
                return null;
            }

            spoilt++;
            return Of(fault) with { AfterTheServerDidIt = fault == "silence" ? chance.Next(2) == 0 : fault == "reset after it was done" };
        };

        string id = await StartAsync(Release("shop:2"));
        await EndedAsync(id, RolloutOutcome.Promoted);
        await ClosedAsync();

        Assert.Empty(Witness.Faults);
        Assert.Equal([0, 10, 60, 100, 0], Witness.Weights);
        Assert.NotEqual(0, spoilt);
    }

    [Fact]
    public async Task Release_AnotherClientPatchesAllTheTime_IsPromotedAllTheSame()
    {
        await RunningAsync("shop:1");
        using CancellationTokenSource done = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task<int> storm = PatchStorm.RunAsync(Client, Namespace, done.Token);

        string id = await StartAsync(Release("shop:2"));
        await EndedAsync(id, RolloutOutcome.Promoted);

        await done.CancelAsync();
        Assert.True(await storm > 50, "no storm");
        Assert.Empty(Witness.Faults);
    }

    private static Fault Of(string fault) => fault switch
    {
        "500" => Fault.Answer(500, "InternalError", "etcdserver: leader changed"),
        "429" => Fault.Answer(429, "TooManyRequests", "slow down", """{"retryAfterSeconds":1}"""),
        "silence" => Fault.Silence,
        _ => Fault.Reset,
    };
}
