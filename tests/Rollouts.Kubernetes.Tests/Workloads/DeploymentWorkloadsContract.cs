using k8s;
using k8s.Models;
using Rollouts.Kubernetes.Tests.Clusters;
using Rollouts.Workloads;

namespace Rollouts.Kubernetes.Tests.Workloads;

/// <summary>A version from its first pod to its last, on real Deployments, ReplicaSets and Endpoints and on those of the sandbox alike.</summary>
public abstract class DeploymentWorkloadsContract(IWorkloadCluster cluster) : WorkloadTest(cluster)
{
    [Fact]
    public async Task Apply_FirstVersion_IsMadeAndServed()
    {
        WorkloadSpec first = await ResolvedAsync("shop:1");
        Assert.Null((await Workloads.ReadAsync(Target, first, Cancellation)).Stable);

        await ApplyAsync(first, Release(), 1);
        WorkloadState state = await UntilAsync(first, s => s.Stable is { IsComplete: true });
        await ApplyAsync(first, Release(), 1);

        Assert.Equal((3, first.Revision), (state.Stable!.Available, state.Stable.Revision));
        Assert.Equal(new Dictionary<string, string> { ["app"] = "shop", ["rolloutfunctions/role"] = "stable" }, await SelectorAsync("shop-stable"));
        Assert.Equal(WorkloadRole.Stable, (await Workloads.ReadAsync(Target, first, Cancellation)).CanaryService);
        await EventuallyAsync(async () => (await EndpointsAsync("shop-stable")).Count == 3);
    }

    [Fact]
    public async Task Apply_FirstVersionWithoutAnAvailablePod_LeavesTheServiceAsItWas()
    {
        await ApplyAsync(await ResolvedAsync("shop:crash"), Release(), 1);
        WorkloadState state = await UntilAsync(await ResolvedAsync("shop:crash"), s => s.Stable?.Problem is not null);

        Assert.Equal("CrashLoopBackOff: back-off 40s restarting failed container", state.Stable!.Problem);
        Assert.Equal(new Dictionary<string, string> { ["app"] = "shop" }, await SelectorAsync("shop-stable"));
    }

    [Fact]
    public async Task Apply_Canary_ServicesAndDeploymentsNeverOverlap()
    {
        await StartedAsync();
        IReadOnlyList<string> stable = await EndpointsAsync("shop-stable");
        WorkloadSpec second = await ResolvedAsync("shop:2");

        await ApplyAsync(second, Canary(2), 2);
        WorkloadState state = await UntilAsync(second, s => s.Canary is { IsComplete: true, Available: 2 });

        Assert.Equal(second.Revision, state.Canary!.Revision);
        Assert.Equal(WorkloadRole.Canary, state.CanaryService);
        await EventuallyAsync(async () => (await EndpointsAsync("shop-canary")).Count == 2);
        Assert.Equal(stable, await EndpointsAsync("shop-stable"));
        Assert.Empty(stable.Intersect(await EndpointsAsync("shop-canary")));
        foreach ((string deployment, int pods) in new[] { ("shop", 3), ("shop-canary", 2) })
        {
            IDictionary<string, string> selector = (await DeploymentAsync(deployment)).Spec.Selector.MatchLabels;
            Assert.Equal(pods, (await PodsAsync(string.Join(',', selector.Select(s => $"{s.Key}={s.Value}")))).Count);
        }

        V1Pod canary = (await PodsAsync($"rollouts-pod-template-hash={second.Revision}"))[0];
        Assert.Equal(("shop", "front", "canary"), (canary.GetLabel("app"), canary.GetLabel("tier"), canary.GetLabel("rolloutfunctions/role")));
    }

    [Fact]
    public async Task Apply_SamePlanAgain_OnlyReads()
    {
        WorkloadSpec first = await StartedAsync();
        WorkloadSpec second = await ResolvedAsync("shop:2");
        await ApplyAsync(second, Canary(2), 2);
        await UntilAsync(second, s => s.Canary is { IsComplete: true });
        Requests.Forget();

        await ApplyAsync(second, Canary(2), 2);

        Assert.DoesNotContain(Requests.Requests, r => r.IsWrite);
        Assert.NotEqual(first.Revision, second.Revision);
    }

    [Fact]
    public async Task Apply_Promotion_StableTakesTheTemplateAndIsNeverWithoutEndpoints()
    {
        WorkloadSpec first = await StartedAsync();
        WorkloadSpec second = await ResolvedAsync("shop:2");
        await ApplyAsync(second, Canary(3), 2);
        await UntilAsync(second, s => s.Canary is { IsComplete: true });

        await ApplyAsync(second, Canary(3) with { Stable = new StablePlan(StableContent.Release) }, 3);
        int fewest = int.MaxValue;
        await UntilAsync(second, s =>
        {
            fewest = Math.Min(fewest, s.Stable!.Available);
            return s.Stable is { IsComplete: true } && s.Stable.Revision == second.Revision;
        });
        WorkloadState done = await ApplyAsync(second, new WorkloadPlan(), 4);

        Assert.InRange(fewest, 2, 3);
        Assert.Equal((null, WorkloadRole.Stable), (done.Canary, done.CanaryService));
        Assert.Equal([first.Revision!], done.Former);
        Assert.All(await PodsAsync("rolloutfunctions/role=stable"), p => Assert.Equal("shop:2", p.Spec.Containers[0].Image));
        await EventuallyAsync(async () => (await PodsAsync("rolloutfunctions/role=canary")).Count == 0);
    }

    [Fact]
    public async Task Apply_NextReleaseOverACanary_ReplacesItAndServesNoneOfTheFormer()
    {
        await StartedAsync();
        WorkloadSpec second = await ResolvedAsync("shop:2");
        await ApplyAsync(second, Canary(2), 2);
        await UntilAsync(second, s => s.Canary is { IsComplete: true });
        WorkloadSpec third = await ResolvedAsync("shop:held");

        WorkloadState state = await ApplyAsync(third, Canary(2), Fence(1, "shop.shop.2", day: 2));

        Assert.Equal(third.Revision, state.Canary!.Revision);
        await EventuallyAsync(async () => (await EndpointsAsync("shop-canary")).Count == 0);
        cluster.LetGo(Namespace);
        await UntilAsync(third, s => s.Canary is { IsComplete: true });
        await EventuallyAsync(async () => (await EndpointsAsync("shop-canary")).Count == 2);
    }

    [Fact]
    public async Task Apply_CanaryMetadata_IsOnCanaryPodsOnlyAndNotInTheRevision()
    {
        await StartedAsync();
        WorkloadSpec plain = await ResolvedAsync("shop:2");
        PodMetadata metadata = new()
        {
            Labels = new Dictionary<string, string> { ["track"] = "canary", ["rolloutfunctions/role"] = "stable" },
            Annotations = new Dictionary<string, string> { ["note"] = "tried" },
        };
        WorkloadSpec second = await ResolvedAsync(Unresolved("shop:2") with { CanaryMetadata = metadata });

        await ApplyAsync(second, Canary(1), 2);
        await EventuallyAsync(async () => (await PodsAsync("track=canary")).Count == 1);

        Assert.Equal(plain.Revision, second.Revision);
        V1Pod pod = (await PodsAsync("track=canary"))[0];
        Assert.Equal(("canary", "tried"), (pod.GetLabel("rolloutfunctions/role"), pod.GetAnnotation("note")));
        await ApplyAsync(second, Release(), 3);
        Assert.DoesNotContain("track", (await DeploymentAsync("shop")).Spec.Template.Metadata.Labels.Keys);
    }

    [Fact]
    public async Task Apply_Restart_ReplacesThePodsOnceAndKeepsTheRevision()
    {
        WorkloadSpec first = await StartedAsync(replicas: 2);
        string[] before = [.. (await PodsAsync("app=shop")).Select(p => p.Metadata.Uid)];
        DateTimeOffset at = new(2026, 1, 1, 13, 0, 0, TimeSpan.Zero);
        WorkloadPlan restart = new() { Stable = new StablePlan(RestartedAt: at) };

        await ApplyAsync(first, restart, 2);
        WorkloadState state = await UntilAsync(first, s => s.Stable is { IsComplete: true, RestartedAt: not null });
        await ApplyAsync(first, new WorkloadPlan { Stable = new StablePlan(RestartedAt: at.AddHours(-1)) }, 3);

        Assert.Equal((at, first.Revision), (state.Stable!.RestartedAt, state.Stable.Revision));
        Assert.Equal(at, (await Workloads.ReadAsync(Target, first, Cancellation)).Stable!.RestartedAt);
        Assert.Empty(before.Intersect((await PodsAsync("app=shop")).Select(p => p.Metadata.Uid)));
    }

    [Fact]
    public async Task Apply_ImageChangedByHand_IsPutRight()
    {
        await StartedAsync();
        WorkloadSpec second = await ResolvedAsync("shop:2");
        await ApplyAsync(second, Canary(1), 2);
        await PatchAsync("shop-canary", """{"spec":{"template":{"spec":{"containers":[{"name":"shop","image":"shop:other"}]}}}}""");
        Assert.NotEqual(second.Revision, (await Workloads.ReadAsync(Target, second, Cancellation)).Canary!.Revision);

        await ApplyAsync(second, Canary(1), 2);

        Assert.Equal("shop:2", (await DeploymentAsync("shop-canary")).Spec.Template.Spec.Containers[0].Image);
    }

    [Fact]
    public async Task Apply_Experiment_RunsSidesThatNoServiceSelectsAndTakesThemAway()
    {
        WorkloadSpec first = await StartedAsync();
        WorkloadSpec second = await ResolvedAsync("shop:2");
        WorkloadPlan plan = Canary(1) with
        {
            Experiments = [new("baseline", WorkloadRole.Stable, 1), new("tried", WorkloadRole.Canary, 1, new PodMetadata { Labels = new Dictionary<string, string> { ["side"] = "b" } })],
        };

        await ApplyAsync(second, plan, 2);
        WorkloadState state = await UntilAsync(second, s => s.Experiments.Count == 2 && s.Experiments.Values.All(e => e.IsComplete) && s.Canary is { IsComplete: true });

        Assert.Equal((first.Revision, second.Revision), (state.Experiments["baseline"].Revision, state.Experiments["tried"].Revision));
        Assert.Equal("shop:1", (await DeploymentAsync("shop-experiment-baseline")).Spec.Template.Spec.Containers[0].Image);
        await EventuallyAsync(async () => (await EndpointsAsync("shop-canary")).Count == 1);
        Assert.Equal(3, (await EndpointsAsync("shop-stable")).Count);
        Assert.Empty((await ApplyAsync(second, Canary(1), 3)).Experiments);
    }

    [Fact]
    public async Task FindFormer_VersionsOfTheHistory_ComeBackAsTheyWere()
    {
        WorkloadSpec first = await StartedAsync("shop:1", 1);
        WorkloadSpec second = await StartedAsync("shop:2", 1, 2);
        WorkloadSpec third = await StartedAsync("shop:3", 1, 3);
        await ApplyAsync(third, new WorkloadPlan { Stable = new StablePlan(RestartedAt: DateTimeOffset.UnixEpoch.AddYears(56)) }, 4);
        WorkloadState state = await UntilAsync(third, s => s.Stable is { IsComplete: true });

        Assert.Equal([second.Revision!, first.Revision!], state.Former);
        IReadOnlyList<FormerVersion> listed = await Workloads.ListFormerAsync(Target, third, Cancellation);
        Assert.Equal([(second.Revision!, "shop:2"), (first.Revision!, "shop:1")], listed.Select(v => (v.Revision, Assert.Single(v.Images))));
        Assert.All(listed, v => Assert.NotNull(v.CreatedAt));
        WorkloadSpec previous = await Workloads.FindFormerAsync(Target, third, null, Cancellation);
        WorkloadSpec named = await Workloads.FindFormerAsync(Target, third, first.Revision, Cancellation);
        Assert.Equal((second.Revision, first.Revision), (previous.Revision, named.Revision));
        Assert.Contains("\"image\":\"shop:2\"", previous.Template, StringComparison.Ordinal);
        Assert.DoesNotContain("rollout", previous.Template, StringComparison.Ordinal);
        PortException missing = await RefusedAsync(FailureKind.NotFound, () => Workloads.FindFormerAsync(Target, third, "0123456789", Cancellation));
        Assert.Contains($"there are {second.Revision}, {first.Revision}", missing.Message, StringComparison.Ordinal);

        await ApplyAsync(named, Release(), 5);
        Assert.Equal([third.Revision!, second.Revision!], (await UntilAsync(named, s => s.Stable is { IsComplete: true })).Former);
    }

    [Fact]
    public async Task Apply_BackToTheFormerVersion_BringsItsPodsBack()
    {
        WorkloadSpec first = await StartedAsync("shop:1", 2);
        WorkloadSpec second = await ResolvedAsync("shop:held");
        await ApplyAsync(second, Canary(2) with { Stable = new StablePlan(StableContent.Release) }, 2);
        WorkloadPlan back = Canary(2) with { Stable = new StablePlan(StableContent.Former) { Revision = first.Revision } };

        await ApplyAsync(second, back, 3);
        WorkloadState state = await UntilAsync(second, s => s.Stable is { IsComplete: true } && s.Stable.Revision == first.Revision);
        Requests.Forget();
        await ApplyAsync(second, back, 3);

        Assert.DoesNotContain(Requests.Requests, r => r.IsWrite);
        Assert.Equal(2, state.Stable!.Available);
        Assert.All(await PodsAsync("rolloutfunctions/role=stable"), p => Assert.Equal("shop:1", p.Spec.Containers[0].Image));
        await RefusedAsync(
            FailureKind.NotFound,
            () => ApplyAsync(second, Canary(2) with { Stable = new StablePlan(StableContent.Former) { Revision = "0123456789" } }, 4));
    }

    [Fact]
    public async Task Apply_OnlyStable_LeavesCanaryAndServices()
    {
        WorkloadSpec first = await StartedAsync(replicas: 1);
        WorkloadSpec second = await ResolvedAsync("shop:2");
        await ApplyAsync(second, Canary(1), 2);
        Requests.Forget();

        await ApplyAsync(
            first, new WorkloadPlan { OnlyStable = true, Stable = new StablePlan(RestartedAt: DateTimeOffset.UnixEpoch.AddYears(56)) }, Fence(1, "shop.shop.2", day: 2));

        // More than one when the Deployment's own controller was faster.
        Assert.Equal(["shop"], Requests.Requests.Where(r => r.IsWrite).Select(r => r.Name).Distinct());
        Assert.Equal(WorkloadRole.Canary, (await Workloads.ReadAsync(Target, second, Cancellation)).CanaryService);
    }

    [Fact]
    public async Task Read_NoService_NamesIt()
    {
        PortException refusal = await RefusedAsync(
            FailureKind.NotFound, () => Workloads.ReadAsync(Target with { CanaryService = "shop-next" }, Unresolved("shop:1"), Cancellation));

        Assert.Equal($"canary service `shop-next` not found in namespace {Namespace}", refusal.Message);
    }
}
