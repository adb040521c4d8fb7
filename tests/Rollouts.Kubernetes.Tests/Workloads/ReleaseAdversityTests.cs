using Rollouts.Kubernetes.Tests.Clusters;
using Rollouts.Kubernetes.Tests.Traffic;
using Rollouts.Machine;

namespace Rollouts.Kubernetes.Tests.Workloads;

/// <summary>Releases while the API server fails and while somebody else writes to the same objects.</summary>
public sealed class ReleaseAdversityTests(WorkloadCluster cluster) : WholeReleaseTest(cluster)
{
    [Theory]
    [InlineData(500)]
    [InlineData(429)]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task Release_OneCallInTwentyFails_IsPromotedAllTheSame(int fault)
    {
        await RunningAsync("shop:1");
        Random chance = new(1);
        EngineRequests.Spoil = _ => chance.Next(20) != 0 ? null : fault switch
        {
            0 => Fault.Reset,
            -1 => Fault.Reset with { AfterTheServerDidIt = true },
            429 => Fault.Answer(429, "TooManyRequests", "slow down", """{"retryAfterSeconds":1}"""),
            _ => Fault.Answer(fault, "InternalError", "etcdserver: leader changed"),
        };

        string id = await StartAsync(Release("shop:2"));
        await EndedAsync(id, RolloutOutcome.Promoted);
        await ClosedAsync();

        Assert.Empty(Witness.Faults);
        Assert.Equal([0, 10, 60, 100, 0], Witness.Weights);
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
}
