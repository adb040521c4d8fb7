using Rollouts.Kubernetes.Tests.Clusters;
using Rollouts.Workloads;

namespace Rollouts.Kubernetes.Tests.Workloads;

/// <summary>On the real server with its controller-manager.</summary>
public sealed class RealDeploymentWorkloadsTests(WorkloadCluster cluster) : DeploymentWorkloadsContract(cluster)
{
    [Fact]
    public async Task Apply_CanaryIsTheOnlyHealthyCopy_NothingIsTakenFromIt()
    {
        await StartedAsync();
        WorkloadSpec second = await ResolvedAsync("shop:2");
        await ApplyAsync(second, Canary(3), 2);
        await UntilAsync(second, s => s.Canary is { IsComplete: true });
        await PatchAsync("shop", """{"spec":{"strategy":{"$retainKeys":["type"],"type":"Recreate"},"template":{"spec":{"containers":[{"name":"shop","image":"shop:crash"}]}}}}""");
        await UntilAsync(second, s => s.Stable is { Available: 0, Observed: true, Updated: 3 });

        PortException retired = await RefusedAsync(FailureKind.Transient, () => ApplyAsync(second, new WorkloadPlan(), 3));
        await RefusedAsync(FailureKind.Transient, () => ApplyAsync(second, Canary(1), 4));

        Assert.Contains("only healthy copy", retired.Message, StringComparison.Ordinal);
        Assert.Equal(3, (await Workloads.ReadAsync(Target, second, Cancellation)).Canary!.Available);
        await ApplyAsync(second, Canary(3) with { Stable = new StablePlan(StableContent.Release) }, 5);
        await UntilAsync(second, s => s.Stable is { IsComplete: true });
        Assert.Null((await ApplyAsync(second, new WorkloadPlan(), 6)).Canary);
    }
}
