using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Rollouts.Kubernetes.Tests.Clusters;
using Rollouts.Workloads;

namespace Rollouts.Kubernetes.Tests.Workloads;

/// <summary>Deployments that a team had before its first rollout.</summary>
public sealed class AdoptionTests(WorkloadCluster cluster) : WorkloadTest(cluster)
{
    [Fact]
    public async Task Apply_CanaryBesideATeamsOwnDeployment_LeavesItsPodsAndEndpointsAlone()
    {
        await TeamsOwnAsync("shop", 3);
        WorkloadSpec second = await ResolvedAsync("shop:2");
        await UntilAsync(second, s => s.Stable is { IsComplete: true });
        await EventuallyAsync(async () => (await EndpointsAsync("shop-stable")).Count == 3);
        IReadOnlyList<string> before = await EndpointsAsync("shop-stable");

        await ApplyAsync(second, Canary(2), 1);
        WorkloadState state = await UntilAsync(second, s => s.Canary is { IsComplete: true });
        await EventuallyAsync(async () => (await EndpointsAsync("shop-canary")).Count == 2);

        Assert.Equal(before, await EndpointsAsync("shop-stable"));
        Assert.Empty(before.Intersect(await EndpointsAsync("shop-canary")));
        // What the team's Deployment selects, an autoscaler would count: three pods, not five.
        Assert.Equal(before, [.. (await PodsAsync("app=shop")).Select(p => p.Metadata.Name).Order(StringComparer.Ordinal)]);
        V1ReplicaSet set = (await Client.AppsV1.ListNamespacedReplicaSetWithHttpMessagesAsync(Namespace, labelSelector: "app=shop", cancellationToken: Cancellation)).Body.Items[0];
        Assert.Equal(set.GetLabel("pod-template-hash"), state.Stable!.Revision);
    }

    [Fact]
    public async Task Apply_PromotionOfATeamsOwnDeployment_KeepsWhatIsTheTeams()
    {
        await TeamsOwnAsync("shop", 2);
        WorkloadSpec second = await ResolvedAsync("shop:2");
        await UntilAsync(second, s => s.Stable is { IsComplete: true });
        await ApplyAsync(second, Canary(2), 1);
        await UntilAsync(second, s => s.Canary is { IsComplete: true });

        await ApplyAsync(second, Canary(2) with { Stable = new StablePlan(StableContent.Release) }, 2);
        WorkloadState state = await UntilAsync(second, s => s.Stable is { IsComplete: true } && s.Stable.Revision == second.Revision);
        await ApplyAsync(second, new WorkloadPlan(), 3);

        V1Deployment stable = await DeploymentAsync("shop");
        Assert.Equal(("shop", 2), (stable.GetLabel("team"), stable.Spec.Replicas));
        Assert.Equal(new Dictionary<string, string> { ["app"] = "shop" }, stable.Spec.Selector.MatchLabels);
        Assert.Single(state.Former);
        await EventuallyAsync(async () => (await EndpointsAsync("shop-canary")).SequenceEqual(await EndpointsAsync("shop-stable")));
    }

    [Fact]
    public async Task Apply_BackToATeamsOwnVersion_IsAsTheTeamHadIt()
    {
        V1Deployment before = await TeamsOwnAsync("shop", 2);
        WorkloadSpec second = await ResolvedAsync("shop:2");
        string? revision = (await UntilAsync(second, s => s.Stable is { IsComplete: true, Revision: not null })).Stable!.Revision;
        await ApplyAsync(second, Canary(2) with { Stable = new StablePlan(StableContent.Release) }, 1);

        await ApplyAsync(second, Canary(2) with { Stable = new StablePlan(StableContent.Former) { Revision = revision } }, 2);
        await UntilAsync(second, s => s.Stable is { IsComplete: true } && s.Stable.Revision == revision);

        Assert.Equal(KubernetesJson.Serialize(before.Spec.Template), KubernetesJson.Serialize((await DeploymentAsync("shop")).Spec.Template));
    }

    [Theory]
    [InlineData("minAvailable: 2", null, "1")]
    [InlineData("minAvailable: 50%", "50%", null)]
    [InlineData("maxUnavailable: 1", null, "1")]
    public async Task Apply_DisruptionBudget_IsCarriedOverToTheCanaryAndGoesWithIt(string given, string? least, string? most)
    {
        await TeamsOwnAsync("shop", 3);
        await DisruptionBudgetAsync(given);
        WorkloadSpec second = await ResolvedAsync("shop:2");

        await ApplyAsync(second, Canary(2), 1);
        await ApplyAsync(second, Canary(2), 1);

        JsonObject budget = (await BudgetsAsync()).Single(b => (string?)b["metadata"]!["name"] == "shop-canary");
        Assert.Equal((least, most), (budget["spec"]!["minAvailable"]?.ToString(), budget["spec"]!["maxUnavailable"]?.ToString()));
        await ApplyAsync(second, new WorkloadPlan(), 2);
        await EventuallyAsync(async () => (await BudgetsAsync()).Count == 1);
    }

    private async Task<IReadOnlyList<JsonObject>> BudgetsAsync()
    {
        JsonObject list = (await Client.CustomObjects.ListNamespacedCustomObjectWithHttpMessagesAsync<JsonObject>(
            "policy", "v1beta1", Namespace, "poddisruptionbudgets", cancellationToken: Cancellation)).Body;
        return [.. list["items"]!.AsArray().Select(i => i!.AsObject())];
    }

    [Fact]
    public async Task Apply_TeamSelectsByTwoLabels_OneIsSetApart()
    {
        await TeamsOwnAsync("shop", 1, new() { MatchLabels = new Dictionary<string, string> { ["app"] = "shop", ["tier"] = "front" } });
        WorkloadSpec second = await ResolvedAsync("shop:2");

        await ApplyAsync(second, Canary(1), 1);

        IDictionary<string, string> labels = (await DeploymentAsync("shop-canary")).Spec.Template.Metadata.Labels;
        Assert.Equal(("shop-canary", "front"), (labels["app"], labels["tier"]));
    }

    [Fact]
    public async Task Apply_SelectorThatTheReleaseDoesNotCarry_IsRefusedBeforeAnyWrite()
    {
        await Client.CreateNamespacedDeploymentAsync(
            new V1Deployment
            {
                Metadata = new() { Name = "shop" },
                Spec = new()
                {
                    Selector = new() { MatchLabels = new Dictionary<string, string> { ["app"] = "other" } },
                    Template = new()
                    {
                        Metadata = new() { Labels = new Dictionary<string, string> { ["app"] = "other" } },
                        Spec = new() { Containers = [new() { Name = "shop", Image = "shop:0" }] },
                    },
                },
            },
            Namespace,
            cancellationToken: Cancellation);
        WorkloadSpec second = await ResolvedAsync("shop:2");
        Requests.Forget();

        PortException refusal = await RefusedAsync(FailureKind.Invalid, () => ApplyAsync(second, Canary(1), 1));

        Assert.Contains("can't be changed and which the release's pods don't carry", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Requests.Requests, r => r.IsWrite);
    }

    [Fact]
    public async Task Apply_SelectorOfExpressionsOnly_IsRefused()
    {
        await TeamsOwnAsync("shop", 1, new() { MatchExpressions = [new() { Key = "app", OperatorProperty = "Exists" }] });
        WorkloadSpec second = await ResolvedAsync("shop:2");

        PortException refusal = await RefusedAsync(FailureKind.Invalid, () => ApplyAsync(second, Canary(1), 1));

        Assert.Contains("would select the canary's pods, too", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_SomebodyElsesDeploymentUnderTheCanarysName_IsLeftAlone()
    {
        await StartedAsync(replicas: 1);
        await TeamsOwnAsync("shop-canary", 1);
        WorkloadSpec second = await ResolvedAsync("shop:2");

        PortException refusal = await RefusedAsync(FailureKind.Invalid, () => ApplyAsync(second, Canary(2), 2));
        await ApplyAsync(second, new WorkloadPlan(), 3);

        Assert.Contains("`shop-canary`", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await DeploymentAsync("shop-canary")).Spec.Replicas);
    }

    [Fact]
    public async Task Resolve_WorkloadReference_TakesTemplateAndSelectorOfTheDeployment()
    {
        await TeamsOwnAsync("legacy", 2);
        WorkloadSpec referenced = await ResolvedAsync(new WorkloadSpec { Reference = new("legacy", ReferenceScaleDown.OnSuccess), Replicas = 2 });

        await ApplyAsync(referenced, Release(), 1);
        await UntilAsync(referenced, s => s.Stable is { IsComplete: true });
        await ApplyAsync(referenced, Release() with { ReferenceReplicas = 0 }, 2);

        Assert.Equal("shop", referenced.Selector!["app"]);
        Assert.Equal("shop:0", (await DeploymentAsync("shop")).Spec.Template.Spec.Containers[0].Image);
        Assert.Equal(0, (await DeploymentAsync("legacy")).Spec.Replicas);
        await EventuallyAsync(async () => (await EndpointsAsync("shop-stable")).All(p => !p.StartsWith("legacy", StringComparison.Ordinal)));
        await RefusedAsync(FailureKind.NotFound, () => ResolvedAsync(new WorkloadSpec { Reference = new("missing") }));
    }
}
