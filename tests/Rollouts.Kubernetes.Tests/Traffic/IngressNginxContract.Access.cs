using k8s.Models;
using Rollouts.Kubernetes.Tests.Clusters;
using Rollouts.Kubernetes.Traffic;

namespace Rollouts.Kubernetes.Tests.Traffic;

/// <summary>A router that may not do everything.</summary>
public abstract partial class IngressNginxContract
{
    [Fact]
    public async Task Claim_NoRights_NamesTheMissingOne()
    {
        using k8s.Kubernetes restricted = await cluster.RestrictedAsync();
        KubernetesRouter router = new(restricted, TimeProvider.System);

        PortException refusal = await RefusedAsync(FailureKind.Forbidden, () => router.ClaimAsync(One, Owner, TimeSpan.FromMinutes(30), Cancellation));

        Assert.Contains($"forbidden: needs get on ingresses.networking.k8s.io in namespace {Namespace}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Claim_MayOnlyRead_NamesTheMissingRight()
    {
        await GrantAsync("get");
        using k8s.Kubernetes restricted = await cluster.RestrictedAsync();
        KubernetesRouter router = new(restricted, TimeProvider.System);

        PortException create = await RefusedAsync(FailureKind.Forbidden, () => router.ClaimAsync(One, Owner, TimeSpan.FromMinutes(30), Cancellation));
        await ClaimAsync(One);
        PortException patch = await RefusedAsync(FailureKind.Forbidden, () => router.ApplyAsync(One, Split(5), Owner, 1, Cancellation));

        Assert.Contains($"forbidden: needs create on ingresses.networking.k8s.io in namespace {Namespace}", create.Message, StringComparison.Ordinal);
        Assert.Contains($"forbidden: needs patch on ingresses.networking.k8s.io in namespace {Namespace}", patch.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rollout_GetCreateAndPatchOnly_AreEnough()
    {
        await GrantAsync("get", "create", "patch");
        using k8s.Kubernetes restricted = await cluster.RestrictedAsync();
        KubernetesRouter router = new(restricted, TimeProvider.System);

        await router.ClaimAsync(Two, Owner, TimeSpan.FromMinutes(30), Cancellation);
        Assert.Equal(Split(5), await router.ApplyAsync(Two, Split(5), Owner, 1, Cancellation));
        await router.ReleaseAsync(Two, Owner, Cancellation);

        Assert.Null(await OwnerAsync());
    }

    [Fact]
    public async Task Claim_UnknownToken_IsForbidden()
    {
        using k8s.Kubernetes unknown = await cluster.UnknownAsync();
        KubernetesRouter router = new(unknown, TimeProvider.System);

        PortException refusal = await RefusedAsync(FailureKind.Forbidden, () => router.ClaimAsync(One, Owner, TimeSpan.FromMinutes(30), Cancellation));

        Assert.Contains("does not accept the credentials", refusal.Message, StringComparison.Ordinal);
    }

    private async Task GrantAsync(params IList<string> verbs)
    {
        await Client.RbacAuthorizationV1.CreateNamespacedRoleWithHttpMessagesAsync(
            new V1Role
            {
                Metadata = new() { Name = "router" },
                Rules = [new() { ApiGroups = ["networking.k8s.io"], Resources = ["ingresses"], Verbs = verbs }],
            },
            Namespace,
            cancellationToken: Cancellation);
        await Client.RbacAuthorizationV1.CreateNamespacedRoleBindingWithHttpMessagesAsync(
            new V1RoleBinding
            {
                Metadata = new() { Name = "router" },
                RoleRef = new() { ApiGroup = "rbac.authorization.k8s.io", Kind = "Role", Name = "router" },
                Subjects = [new() { ApiGroup = "rbac.authorization.k8s.io", Kind = "User", Name = ITestCluster.RestrictedUser }],
            },
            Namespace,
            cancellationToken: Cancellation);
    }
}
