using Rollouts.Engine;
using Rollouts.Journal;
using Rollouts.Kubernetes.Tests.Clusters;
using Rollouts.Machine;

namespace Rollouts.Kubernetes.Tests.Workloads;

/// <summary>Aborts, from the first step to the middle of the promotion.</summary>
public sealed class ReleaseAbortTests(WorkloadCluster cluster) : WholeReleaseTest(cluster)
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Abort_AtEachStep_LeavesTheStablePodsAndNoCanary(int step)
    {
        await RunningAsync("shop:1");
        string[] before = [.. (await PodsAsync("rolloutfunctions/role=stable")).Select(p => p.Metadata.Uid).Order(StringComparer.Ordinal)];
        string id = await StartAsync(Release("shop:2"));
        await WhenAsync(id, s => s.Step >= step && s.Phase == RolloutPhase.Progressing || s.Step > step);

        await DecideAsync(id, Command.Abort);
        RolloutStatus ended = await EndedAsync(id, RolloutOutcome.Aborted);
        await ClosedAsync();

        Assert.Equal(0, ended.Weight);
        Assert.Equal(0, Witness.Weights[^1]);
        Assert.Empty(Witness.Faults);
        Assert.Equal(before, (await PodsAsync("rolloutfunctions/role=stable")).Select(p => p.Metadata.Uid).Order(StringComparer.Ordinal));
        await EventuallyAsync(async () => (await PodsAsync("rolloutfunctions/role=canary")).Count == 0);
    }

    [Fact]
    public async Task Abort_WhileTheStableVersionIsUpdated_CanaryServesUntilTheFormerVersionIsBack()
    {
        await RunningAsync("shop:1");
        string id = await StartAsync(Release("shop:canary-only"));
        await EventuallyAsync(async () => (await DeploymentAsync("shop")).Spec.Template.Spec.Containers[0].Image == "shop:canary-only", () => "not promoting");

        await DecideAsync(id, Command.Abort);
        await EndedAsync(id, RolloutOutcome.Aborted);
        await ClosedAsync();

        Assert.Equal([0, 10, 60, 100, 0], Witness.Weights);
        Assert.Empty(Witness.Faults);
        // Whose Deployment is gone, the cluster's garbage collector takes away in its own time.
        await EventuallyAsync(async () => (await PodsAsync("app=shop")).All(p => p.Spec.Containers[0].Image == "shop:1"));
        Assert.NotEmpty(await PodsAsync("app=shop"));
    }
}
