using k8s;
using k8s.Models;
using Rollouts.Kubernetes.Tests.Clusters;
using Rollouts.Workloads;

namespace Rollouts.Kubernetes.Tests.Workloads;

/// <summary>Somebody else decides how many pods the stable version has.</summary>
public sealed class AutoscalingTests(WorkloadCluster cluster) : WorkloadTest(cluster)
{
    [Fact]
    public async Task Apply_AutoscalerOnTheStableDeployment_ItsNumberStands()
    {
        await StartedAsync(replicas: 2);
        await AutoscalerAsync("shop", least: 2);
        WorkloadSpec second = await ResolvedAsync("shop:2");
        Assert.True((await Workloads.ReadAsync(Target, second, Cancellation)).Autoscaled);

        for (int i = 0; i < 5; i++)
        {
            await ScaleAsync(3 + i);
            WorkloadState state = await ApplyAsync(
                second, Canary(1) with { Stable = new StablePlan(i < 3 ? StableContent.AsItIs : StableContent.Release, Replicas: 1) }, 2 + i);
            Assert.Equal(3 + i, state.Stable!.Desired);
        }
    }

    [Fact]
    public async Task Apply_AutoscalerOfAnotherDeployment_IsOfNoConsequence()
    {
        WorkloadSpec first = await StartedAsync(replicas: 2);
        await AutoscalerAsync("other", least: 2);

        WorkloadState state = await ApplyAsync(first, new WorkloadPlan { Stable = new StablePlan(Replicas: 4) }, 2);

        Assert.False(state.Autoscaled);
        Assert.Equal(4, state.Stable!.Desired);
    }

    [Fact]
    public async Task Apply_FirstVersionUnderAnAutoscaler_StartsWithItsLeast()
    {
        await AutoscalerAsync("shop", least: 4);

        WorkloadState state = await ApplyAsync(await ResolvedAsync("shop:1"), Release(), 1);

        Assert.Equal(4, state.Stable!.Desired);
    }

    [Fact]
    public async Task Read_ScaledObjectOfKeda_IsAnAutoscaler()
    {
        WorkloadSpec first = await StartedAsync(replicas: 1);
        await CustomResources.EstablishedAsync(Client, "keda.sh", "v1alpha1", "scaledobjects", "ScaledObject", Cancellation);
        Assert.False((await Workloads.ReadAsync(Target, first, Cancellation)).Autoscaled);

        await Client.CustomObjects.CreateNamespacedCustomObjectWithHttpMessagesAsync(
            new Dictionary<string, object>
            {
                ["apiVersion"] = "keda.sh/v1alpha1",
                ["kind"] = "ScaledObject",
                ["metadata"] = new Dictionary<string, object> { ["name"] = "shop" },
                ["spec"] = new Dictionary<string, object> { ["scaleTargetRef"] = new Dictionary<string, object> { ["name"] = "shop" } },
            },
            "keda.sh",
            "v1alpha1",
            Namespace,
            "scaledobjects",
            cancellationToken: Cancellation);

        Assert.True((await Workloads.ReadAsync(Target, first, Cancellation)).Autoscaled);
    }

    private Task AutoscalerAsync(string deployment, int least) => Client.AutoscalingV1.CreateNamespacedHorizontalPodAutoscalerWithHttpMessagesAsync(
        new V1HorizontalPodAutoscaler
        {
            Metadata = new() { Name = deployment },
            Spec = new()
            {
                MinReplicas = least,
                MaxReplicas = 10,
                ScaleTargetRef = new() { ApiVersion = "apps/v1", Kind = "Deployment", Name = deployment },
            },
        },
        Namespace,
        cancellationToken: Cancellation);

    /// <summary>What an autoscaler does.</summary>
    private Task ScaleAsync(int replicas) => Client.PatchNamespacedDeploymentScaleAsync(
        new V1Patch($$$"""{"spec":{"replicas":{{{replicas}}}}}""", V1Patch.PatchType.MergePatch), "shop", Namespace, cancellationToken: Cancellation);
}
