using k8s;
using k8s.Models;
using Rollouts.Kubernetes.Tests.Clusters;
using Rollouts.Kubernetes.Workloads;
using Rollouts.Workloads;

namespace Rollouts.Kubernetes.Tests.Workloads;

/// <summary>The Role that is shipped in <c>infra/kubernetes/workloads.yaml</c>: enough for a whole release, and not one verb more.</summary>
public sealed class WorkloadRoleTests(WorkloadCluster cluster) : WorkloadTest(cluster)
{
    private const string Pod =
        """{"containers":[{"name":"shop","image":"shop:1","envFrom":[{"configMapRef":{"name":"settings"}},{"secretRef":{"name":"keys"}}]}]}""";

    public static TheoryData<string, string> Rights => new(
        from rule in Shipped().Rules
        from resource in rule.Resources
        from verb in rule.Verbs
        select (rule.ApiGroups[0].Length == 0 ? resource : $"{resource}.{rule.ApiGroups[0]}", verb));

    [Fact]
    public async Task Role_AsShipped_IsEnoughForAWholeRelease()
    {
        await GrantAsync(Shipped().Rules);

        await ReleaseAsync();
    }

    [Theory]
    [MemberData(nameof(Rights))]
    public async Task Role_OneVerbLess_FailsByItsName(string resource, string verb)
    {
        List<V1PolicyRule> rules = [.. Shipped().Rules];
        V1PolicyRule rule = rules.Single(r => resource == (r.ApiGroups[0].Length == 0 ? r.Resources[0] : $"{r.Resources[0]}.{r.ApiGroups[0]}"));
        rule.Verbs = [.. rule.Verbs.Where(v => v != verb)];
        await GrantAsync([.. rules.Where(r => r.Verbs.Count > 0)]);

        PortException refusal = await RefusedAsync(FailureKind.Forbidden, ReleaseAsync);

        Assert.Contains($"forbidden: needs {verb} on {resource} in namespace {Namespace}", refusal.Message, StringComparison.Ordinal);
    }

    private static V1Role Shipped()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "kubernetes", "workloads.yaml");
        return KubernetesYaml.LoadAllFromString(File.ReadAllText(path)).OfType<V1Role>().Single();
    }

    /// <summary>From the first version to the second one's promotion, as far as it takes rights.</summary>
    private async Task ReleaseAsync()
    {
        using k8s.Kubernetes restricted = await Cluster.RestrictedAsync();
        DeploymentWorkloads workloads = new(restricted, TimeProvider.System);
        await Client.CreateNamespacedConfigMapAsync(new() { Metadata = new() { Name = "settings" } }, Namespace, cancellationToken: Cancellation);
        await Client.CreateNamespacedSecretAsync(new() { Metadata = new() { Name = "keys" } }, Namespace, cancellationToken: Cancellation);
        WorkloadSpec first = await workloads.ResolveAsync(Target, Unresolved("shop:1", Pod) with { Replicas = 1 }, Cancellation);
        await workloads.ApplyAsync(Target, first, Release(), Fence(1), Cancellation);
        WorkloadSpec second = await workloads.ResolveAsync(
            Target, Unresolved("shop:2", Pod.Replace("shop:1", "shop:2", StringComparison.Ordinal)) with { Replicas = 1 }, Cancellation);
        await workloads.ApplyAsync(Target, second, Canary(1), Fence(2), Cancellation);
        await workloads.ApplyAsync(Target, second, Release(), Fence(3), Cancellation);

        // Beside a Deployment of the team's own, with a budget.
        await Client.DeleteNamespacedDeploymentAsync("shop", Namespace, cancellationToken: Cancellation);
        await TeamsOwnAsync("shop", 1);
        await DisruptionBudgetAsync("maxUnavailable: 1");
        await workloads.ApplyAsync(Target, second, Canary(1), Fence(4), Cancellation);
    }

    private async Task GrantAsync(IList<V1PolicyRule> rules)
    {
        await Client.RbacAuthorizationV1.CreateNamespacedRoleWithHttpMessagesAsync(
            new V1Role { Metadata = new() { Name = "workloads" }, Rules = rules }, Namespace, cancellationToken: Cancellation);
        await Client.RbacAuthorizationV1.CreateNamespacedRoleBindingWithHttpMessagesAsync(
            new V1RoleBinding
            {
                Metadata = new() { Name = "workloads" },
                RoleRef = new() { ApiGroup = "rbac.authorization.k8s.io", Kind = "Role", Name = "workloads" },
                Subjects = [new() { ApiGroup = "rbac.authorization.k8s.io", Kind = "User", Name = ITestCluster.RestrictedUser }],
            },
            Namespace,
            cancellationToken: Cancellation);
    }
}
