using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Rollouts.Kubernetes.Tests.Clusters;
using Rollouts.Kubernetes.Tests.Traffic;
using Rollouts.Workloads;

namespace Rollouts.Kubernetes.Tests.Workloads;

/// <summary>Late, repeated and foreign writes.</summary>
public sealed class WorkloadFencingTests(WorkloadCluster cluster) : WorkloadTest(cluster)
{
    [Fact]
    public async Task Apply_LateDuplicateOfARaise_IsOutOfDate()
    {
        await StartedAsync(replicas: 1);
        WorkloadSpec second = await ResolvedAsync("shop:2");
        await ApplyAsync(second, Canary(3), 2);
        await ApplyAsync(second, Canary(0, WorkloadRole.Stable), 3);

        PortException refusal = await RefusedAsync(FailureKind.Superseded, () => ApplyAsync(second, Canary(3), 2));

        Assert.Contains("revision 2 is out of date", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, (await DeploymentAsync("shop-canary")).Spec.Replicas);
    }

    [Fact]
    public async Task Apply_LatePromotionAfterAnAbort_LeavesTheStableVersion()
    {
        WorkloadSpec first = await StartedAsync(replicas: 1);
        WorkloadSpec second = await ResolvedAsync("shop:2");
        await ApplyAsync(second, Canary(1), 2);
        await ApplyAsync(second, new WorkloadPlan(), 4);

        await RefusedAsync(FailureKind.Superseded, () => ApplyAsync(second, Canary(1) with { Stable = new StablePlan(StableContent.Release) }, 3));

        Assert.Equal("shop:1", (await DeploymentAsync("shop")).Spec.Template.Spec.Containers[0].Image);
        Assert.Null((await Workloads.ReadAsync(Target, first, Cancellation)).Canary);
    }

    [Fact]
    public async Task Apply_LaterRolloutHasWritten_TheEarlierIsToldWho()
    {
        await StartedAsync(replicas: 1);
        WorkloadSpec second = await ResolvedAsync("shop:2");
        await ApplyAsync(second, Canary(1), Fence(1, "shop.shop.2", day: 2));

        PortException refusal = await RefusedAsync(FailureKind.Owned, () => ApplyAsync(second, new WorkloadPlan(), 99));

        Assert.Equal("shop.shop.2", refusal.Owner);
        Assert.Equal(1, (await DeploymentAsync("shop-canary")).Spec.Replicas);
    }

    [Theory]
    [InlineData("shop")]
    [InlineData("shop-canary")]
    [InlineData("shop-stable")]
    public async Task Apply_OvertakenBeforeAnyOfItsWrites_ChangesNothingAfterwards(string overtakenAt)
    {
        await StartedAsync(replicas: 1);
        WorkloadSpec second = await ResolvedAsync("shop:2");
        await ApplyAsync(second, Canary(1), 2);
        // Somebody moved the stable Service, so that each object has something to be written.
        await Client.PatchNamespacedServiceAsync(
            new V1Patch("""{"spec":{"selector":{"rolloutfunctions/role":null}}}""", V1Patch.PatchType.MergePatch), "shop-stable", Namespace, cancellationToken: Cancellation);
        bool overtaken = false;
        Requests.Spoil = r =>
        {
            if (r.IsWrite && r.Name == overtakenAt && !overtaken)
            {
                overtaken = true;
                OtherAsync(w => w.ApplyAsync(Target, second, Canary(0, WorkloadRole.Stable), Fence(4), Cancellation)).GetAwaiter().GetResult();
            }

            return null;
        };

        await RefusedAsync(FailureKind.Superseded, () => ApplyAsync(second, Canary(2) with { Stable = new StablePlan(StableContent.Release) }, 3));

        Assert.True(overtaken);
        Assert.Equal(0, (await DeploymentAsync("shop-canary")).Spec.Replicas);
        bool promotedFirst = overtakenAt is "shop-stable";
        Assert.Equal(promotedFirst ? "shop:2" : "shop:1", (await DeploymentAsync("shop")).Spec.Template.Spec.Containers[0].Image);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    public async Task Apply_OvertakenBeforeItMakesACanary_TakesItAwayAgain(int changedMeanwhile)
    {
        await StartedAsync(replicas: 1);
        WorkloadSpec second = await ResolvedAsync("shop:2");
        Requests.Spoil = r =>
        {
            if (r.Method == HttpMethod.Post)
            {
                OtherAsync(w => w.ApplyAsync(Target, second, new WorkloadPlan(), Fence(4), Cancellation)).GetAwaiter().GetResult();
            }
            else if (r.Method == HttpMethod.Delete && changedMeanwhile-- > 0)
            {
                // As controllers do while a Deployment's pods come up.
                V1Patch change = new($"{{\"metadata\":{{\"annotations\":{{\"changed\":\"{changedMeanwhile}\"}}}}}}", V1Patch.PatchType.MergePatch);
                Client.PatchNamespacedDeploymentAsync(change, "shop-canary", Namespace, cancellationToken: Cancellation).GetAwaiter().GetResult();
            }

            return null;
        };

        await RefusedAsync(FailureKind.Superseded, () => ApplyAsync(second, Canary(2), 3));

        Assert.Null((await Workloads.ReadAsync(Target, second, Cancellation)).Canary);
        Assert.Contains(Requests.Requests, r => r.Method == HttpMethod.Delete);
    }

    [Fact]
    public async Task Apply_AbortWhileARaiseIsUnderWay_EndsWithoutACanary()
    {
        await StartedAsync(replicas: 1);
        WorkloadSpec second = await ResolvedAsync("shop:2");
        for (int i = 0; i < 8; i++)
        {
            Task<WorkloadState> raise = ApplyAsync(second, Canary(2), 10 + (2 * i));
            Task<WorkloadState> abort = ApplyAsync(second, new WorkloadPlan(), 11 + (2 * i));

            _ = await abort;
            Exception? late = await Record.ExceptionAsync(() => raise);
            Assert.True(late is null or PortException { Kind: FailureKind.Superseded or FailureKind.Transient }, $"{late}");
            Assert.Null((await Workloads.ReadAsync(Target, second, Cancellation)).Canary);
        }
    }

    [Fact]
    public async Task Apply_AnotherClientPatchesAllTheTime_GetsThrough()
    {
        await StartedAsync(replicas: 1);
        WorkloadSpec second = await ResolvedAsync("shop:2");
        await ApplyAsync(second, Canary(1), 2);
        using CancellationTokenSource done = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task<IReadOnlyDictionary<string, int>> storm = StormAsync(done.Token);

        for (int i = 1; i <= 20; i++)
        {
            WorkloadState state = await ApplyAsync(second, Canary(1 + (i % 3)), 2 + i);
            Assert.Equal(1 + (i % 3), state.Canary!.Desired);
        }

        await done.CancelAsync();
        IReadOnlyDictionary<string, int> last = await storm;
        Assert.True(last.Values.Min() > 10, $"only {last.Values.Min()} patches: no storm");
        Assert.Equal($"{last["shop"]}", (await DeploymentAsync("shop")).GetAnnotation("storm"));
        Assert.Equal($"{last["shop-canary"]}", (await DeploymentAsync("shop-canary")).GetAnnotation("storm"));
    }

    private async Task OtherAsync(Func<Rollouts.Kubernetes.Workloads.DeploymentWorkloads, Task> act)
    {
        using k8s.Kubernetes client = await Cluster.AdminAsync();
        await act(new(client, TimeProvider.System));
    }

    /// <summary>Patches both Deployments and both Services 20 times a second, unconditionally.</summary>
    /// <returns>The last patch of each that the server took.</returns>
    private async Task<IReadOnlyDictionary<string, int>> StormAsync(CancellationToken until)
    {
        Dictionary<string, int> last = [];
        for (int number = 1; !until.IsCancellationRequested; number++)
        {
            V1Patch patch = new($$$"""{"metadata":{"annotations":{"storm":"{{{number}}}"}} }""", V1Patch.PatchType.MergePatch);
            foreach (string name in (string[])["shop", "shop-canary"])
            {
                await TakenAsync(name, () => Client.PatchNamespacedDeploymentAsync(patch, name, Namespace, cancellationToken: Cancellation));
            }

            foreach (string name in (string[])["shop-stable", "shop-canary"])
            {
                await TakenAsync($"{name} service", () => Client.PatchNamespacedServiceAsync(patch, name, Namespace, cancellationToken: Cancellation));
            }

            _ = await Record.ExceptionAsync(() => Task.Delay(50, until));

            async Task TakenAsync(string key, Func<Task> send)
            {
                try
                {
                    await send();
                    last[key] = number;
                }
                catch (HttpOperationException conflict) when (conflict.Response.StatusCode == HttpStatusCode.Conflict)
                {
                    // The server itself tries an unconditional patch only so often.
                }
            }
        }

        return last;
    }
}
