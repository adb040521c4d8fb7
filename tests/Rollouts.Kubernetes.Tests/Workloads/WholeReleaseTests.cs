using k8s;
using k8s.Models;
using Rollouts.Engine;
using Rollouts.Kubernetes.Tests.Clusters;
using Rollouts.Machine;

namespace Rollouts.Kubernetes.Tests.Workloads;

/// <summary>From image to promoted, on real Deployments, ReplicaSets and Endpoints.</summary>
public sealed class WholeReleaseTests(WorkloadCluster cluster) : WholeReleaseTest(cluster)
{
    [Fact]
    public async Task Release_NewImage_GoesThroughItsStepsToTheStableDeployment()
    {
        await RunningAsync("shop:1");
        string id = await StartAsync(Release("shop:2"));

        RolloutStatus ended = await EndedAsync(id, RolloutOutcome.Promoted);
        await ClosedAsync();

        Assert.Equal([0, 10, 60, 100, 0], Witness.Weights);
        Assert.Empty(Witness.Faults);
        Assert.Equal(0, ended.Weight);
        await EventuallyAsync(async () => (await PodsAsync("rolloutfunctions/role=canary")).Count == 0);
        Assert.All(await PodsAsync("app=shop"), p => Assert.Equal(("shop:2", "stable"), (p.Spec.Containers[0].Image, p.GetLabel("rolloutfunctions/role"))));
        Assert.Equal(3, (await EndpointsAsync("shop-stable")).Count);
    }

    [Fact]
    public async Task Release_OfATeamsOwnDeployment_TakesItOver()
    {
        await TeamsOwnAsync("shop", 3);
        await EventuallyAsync(async () => (await EndpointsAsync("shop-stable")).Count == 3);
        string id = await StartAsync(Release("shop:2"));

        await EndedAsync(id, RolloutOutcome.Promoted);
        await ClosedAsync();

        Assert.Equal([0, 10, 60, 100, 0], Witness.Weights);
        Assert.Empty(Witness.Faults);
        Assert.All(await PodsAsync("app=shop"), p => Assert.Equal("shop:2", p.Spec.Containers[0].Image));
    }

    [Fact]
    public async Task Release_CanaryNotAvailable_HasNoTrafficUntilItIs()
    {
        await RunningAsync("shop:1");
        string id = await StartAsync(Release("shop:held"));
        await WhenAsync(id, s => s.WaitingFor == WaitingFor.Readiness);
        await Task.Delay(TimeSpan.FromSeconds(4), Cancellation);
        Assert.Equal([0], Witness.Weights);

        ((WorkloadCluster)Cluster).LetGo(Namespace);

        await EndedAsync(id, RolloutOutcome.Promoted);
        Assert.Empty(Witness.Faults);
    }

    [Fact]
    public async Task Release_ConfigMapChanged_IsAReleaseOfItsOwn()
    {
        const string spec = """{"containers":[{"name":"shop","image":"shop:1","envFrom":[{"configMapRef":{"name":"settings"}}]}]}""";
        await Client.CreateNamespacedConfigMapAsync(
            new V1ConfigMap { Metadata = new() { Name = "settings" }, Data = new Dictionary<string, string> { ["a"] = "1" } }, Namespace, cancellationToken: Cancellation);
        await RunningAsync("shop:1", spec);
        Assert.Equal(StartOutcome.AlreadyStarted, (await Engine.StartAsync(Release("shop:1", spec: spec), "pipeline", Cancellation)).Outcome);

        await Client.PatchNamespacedConfigMapAsync(new V1Patch("""{"data":{"a":"2"}}""", V1Patch.PatchType.MergePatch), "settings", Namespace, cancellationToken: Cancellation);
        string id = await StartAsync(Release("shop:1", spec: spec));

        await EndedAsync(id, RolloutOutcome.Promoted);
        await ClosedAsync();
        Assert.Equal([0, 10, 60, 100, 0], Witness.Weights);
    }

    [Fact]
    public async Task Release_AutoscalerScalesMeanwhile_CanaryFollowsAndStableIsTheAutoscalers()
    {
        await RunningAutoscaledAsync();
        string id = await StartAsync(Release("shop:2", replicas: null));
        int largest = 0;
        await WhenAsync(id, s => s.Weight == 60);
        await EventuallyAsync(async () => (largest = Math.Max(largest, (await DeploymentAsync("shop-canary")).Spec.Replicas ?? 0)) >= 3);
        await ScaleAsync(5);

        await EndedAsync(id, RolloutOutcome.Promoted);
        await ClosedAsync();

        Assert.Equal(5, (await DeploymentAsync("shop")).Spec.Replicas);
        Assert.Empty(Witness.Faults);
    }

    [Fact]
    public async Task Release_AutoscalerScalesDownBehindTheTraffic_CanaryKeepsItsPodsAndReturnsTrafficInSteps()
    {
        await RunningAutoscaledAsync();
        string id = await StartAsync(Release("shop:2", replicas: null));
        await WhenAsync(id, s => s.Weight == 60);
        await ScaleAsync(2);

        await WhenAsync(id, s => s.Weight == 37);
        Assert.Equal((2, 4), ((await DeploymentAsync("shop")).Spec.Replicas, (await DeploymentAsync("shop-canary")).Spec.Replicas));
        await ScaleAsync(4);

        await EndedAsync(id, RolloutOutcome.Promoted);
        await ClosedAsync();
        Assert.Equal(4, (await DeploymentAsync("shop")).Spec.Replicas);
        Assert.Equal([100, 37], Witness.Weights.SkipWhile(w => w < 100).Take(2));
        Assert.Equal(0, Witness.Weights[^1]);
        Assert.Empty(Witness.Faults);
    }

    /// <summary>A version that an autoscaler has given four pods.</summary>
    private async Task RunningAutoscaledAsync()
    {
        await RunningAsync("shop:1", replicas: null);
        await Client.AutoscalingV1.CreateNamespacedHorizontalPodAutoscalerWithHttpMessagesAsync(
            new V1HorizontalPodAutoscaler
            {
                Metadata = new() { Name = "shop" },
                Spec = new() { MinReplicas = 2, MaxReplicas = 10, ScaleTargetRef = new() { ApiVersion = "apps/v1", Kind = "Deployment", Name = "shop" } },
            },
            Namespace,
            cancellationToken: Cancellation);
        await ScaleAsync(4);
    }

    private Task ScaleAsync(int replicas) => Client.PatchNamespacedDeploymentScaleAsync(
        new V1Patch($$$"""{"spec":{"replicas":{{{replicas}}}} }""", V1Patch.PatchType.MergePatch), "shop", Namespace, cancellationToken: Cancellation);
}
