using Rollouts.Simulation;
using Rollouts.Workloads;

namespace Rollouts.Tests.Simulation;

public sealed class SimulatedDeploymentsTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    [Fact]
    public void Apply_CanaryPods_TakeTheirTime()
    {
        SimulatedDeployments cluster = Cluster(new() { PodStartupSeconds = 20 });

        WorkloadState begun = cluster.Apply(new WorkloadPlan { Canary = new CanaryPlan(3), CanaryService = WorkloadRole.Canary }, Start);

        Assert.Equal((4, 4, true), (begun.Stable!.Desired, begun.Stable.Available, begun.Stable.IsComplete));
        Assert.Equal(("v2", 3, 0), (begun.Canary!.Revision, begun.Canary.Desired, begun.Canary.Available));
        Assert.Equal("3 pods are starting", begun.Canary.Problem);
        Assert.Equal(0, cluster.State(At(19)).Canary!.Available);
        Assert.Equal((3, true), (cluster.State(At(20)).Canary!.Available, cluster.State(At(20)).Canary!.IsComplete));
        cluster.Apply(new WorkloadPlan { Canary = new CanaryPlan(5), CanaryService = WorkloadRole.Canary }, At(30));
        Assert.Equal((3, 5), (cluster.State(At(31)).Canary!.Available, cluster.State(At(50)).Canary!.Available));
        Assert.Equal(1, cluster.Apply(new WorkloadPlan { Canary = new CanaryPlan(1) }, At(60)).Canary!.Available);
        Assert.Null(cluster.Apply(new WorkloadPlan(), At(70)).Canary);
    }

    [Fact]
    public void Apply_StableUpdate_ServesWithFormerPodsUntilNewOnesAreThere()
    {
        SimulatedDeployments cluster = Cluster(new() { PodStartupSeconds = 20 });

        PodCounts updating = cluster.Apply(new WorkloadPlan { Stable = new StablePlan(StableContent.Release) }, Start).Stable!;

        Assert.Equal(("v2", 4, 8, false), (updating.Revision, updating.Available, updating.Pods, updating.IsComplete));
        Assert.True(cluster.State(At(20)).Stable!.IsComplete);
    }

    [Fact]
    public void Apply_Restart_ReplacesPodsOnce()
    {
        SimulatedDeployments cluster = Cluster(new() { PodStartupSeconds = 20 });
        var plan = new WorkloadPlan { Stable = new StablePlan(RestartedAt: At(5)) };

        Assert.False(cluster.Apply(plan, At(5)).Stable!.IsComplete);
        Assert.True(cluster.Apply(plan, At(25)).Stable!.IsComplete);
    }

    [Fact]
    public void Apply_FirstDeployment_HasNoStableUntilItIsMade()
    {
        SimulatedDeployments cluster = Cluster(new() { FirstDeployment = true, PodStartupSeconds = 5 });

        Assert.Null(cluster.State(Start).Stable);
        Assert.Equal(("v2", 4), (cluster.Apply(new WorkloadPlan { Stable = new StablePlan(StableContent.Release) }, Start).Stable!.Revision, cluster.State(At(5)).Stable!.Available));
    }

    [Fact]
    public void Apply_Experiment_ComesAndGoes()
    {
        SimulatedDeployments cluster = Cluster(new());

        WorkloadState with = cluster.Apply(
            new WorkloadPlan { Experiments = [new ExperimentPlan("baseline", WorkloadRole.Stable, 2), new ExperimentPlan("canary", WorkloadRole.Canary, 2)] }, Start);

        Assert.Equal([("baseline", "stable", 2), ("canary", "v2", 2)], with.Experiments.Select(e => (e.Key, e.Value.Revision, e.Value.Desired)));
        Assert.Empty(cluster.Apply(new WorkloadPlan(), At(1)).Experiments);
    }

    [Theory]
    [InlineData(0, 30.0, 50)]
    [InlineData(0, null, null)]
    [InlineData(10, 30.0, 60)]
    [InlineData(100, 30.0, 20)]
    public void Apply_PodFault_KeepsPodsFromBecomingAvailable(double at, double? length, int? availableAt)
    {
        SimulatedDeployments cluster = Cluster(new() { PodStartupSeconds = 20, Faults = [new() { What = FaultyPart.Pods, At = at, For = length }] });

        cluster.Apply(new WorkloadPlan { Canary = new CanaryPlan(1) }, Start);

        Assert.Equal(0, cluster.State(At((availableAt ?? 100_000) - 1)).Canary!.Available);
        Assert.Equal(availableAt is null ? 0 : 1, cluster.State(At(availableAt ?? 200_000)).Canary!.Available);
    }

    private static SimulatedDeployments Cluster(ClusterBehavior behavior) =>
        new(behavior, new WorkloadSpec { Template = "{}", Revision = "v2", Replicas = 4 }, Start);

    private static DateTimeOffset At(double seconds) => Start.AddSeconds(seconds);
}
