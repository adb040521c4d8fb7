using System.Net;
using k8s;
using k8s.Models;
using Rollouts.Kubernetes.Tests.Clusters;

namespace Rollouts.Kubernetes.Tests.KubernetesApi;

/// <summary>Tokens and RBAC.</summary>
public abstract partial class KubernetesApiContract
{
    [Fact]
    public async Task Access_UnknownToken_IsUnauthorized()
    {
        using var unknown = await Cluster.UnknownAsync();

        var status = await Answers.RefusedAsync(HttpStatusCode.Unauthorized, "Unauthorized", () =>
            unknown.ReadNamespacedIngressAsync("app", Namespace, cancellationToken: Cancellation));

        Assert.Equal("Unauthorized", status.Message);
    }

    [Theory]
    [InlineData("get")]
    [InlineData("patch")]
    [InlineData("delete")]
    public async Task Access_WithoutRole_NamesVerbAndResource(string verb)
    {
        using var restricted = await Cluster.RestrictedAsync();

        var status = await Answers.RefusedAsync(HttpStatusCode.Forbidden, "Forbidden", () => verb switch
        {
            "get" => restricted.ReadNamespacedIngressAsync("app", Namespace, cancellationToken: Cancellation),
            "patch" => restricted.PatchNamespacedIngressAsync(Samples.Merge("{}"), "app", Namespace, cancellationToken: Cancellation),
            _ => restricted.DeleteNamespacedIngressAsync("app", Namespace, cancellationToken: Cancellation),
        });

        Assert.StartsWith(
            $"ingresses.networking.k8s.io \"app\" is forbidden: User \"{ITestCluster.RestrictedUser}\" cannot {verb} resource \"ingresses\" in API group \"networking.k8s.io\" in the namespace \"{Namespace}\"",
            status.Message,
            StringComparison.Ordinal);
        Assert.Equal("ingresses", status.Details.Kind);
        Assert.Equal("app", status.Details.Name);
    }

    [Fact]
    public async Task Access_ListOfACoreKindEverywhere_IsForbiddenAtTheClusterScope()
    {
        using var restricted = await Cluster.RestrictedAsync();

        var status = await Answers.RefusedAsync(HttpStatusCode.Forbidden, "Forbidden", () =>
            restricted.ListServiceForAllNamespacesAsync(cancellationToken: Cancellation));

        Assert.StartsWith(
            $"services is forbidden: User \"{ITestCluster.RestrictedUser}\" cannot list resource \"services\" in API group \"\" at the cluster scope",
            status.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Access_UnknownResource_IsForbiddenBeforeItIsNotFound()
    {
        using var restricted = await Cluster.RestrictedAsync();

        var status = await Answers.RefusedAsync(HttpStatusCode.Forbidden, "Forbidden", () => restricted.CustomObjects.ListNamespacedCustomObjectAsync(
            "networking.k8s.io", "v1", Namespace, "nosuchthings", cancellationToken: Cancellation));

        Assert.StartsWith(
            $"nosuchthings.networking.k8s.io is forbidden: User \"{ITestCluster.RestrictedUser}\" cannot list resource \"nosuchthings\" in API group \"networking.k8s.io\" in the namespace \"{Namespace}\"",
            status.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Access_BoundRole_AllowsWhatItSaysAndNoMore()
    {
        await Client.CreateNamespacedIngressAsync(Samples.Ingress("app"), Namespace, cancellationToken: Cancellation);
        await Client.CreateNamespacedIngressAsync(Samples.Ingress("other"), Namespace, cancellationToken: Cancellation);
        using var restricted = await Cluster.RestrictedAsync();
        await BindAsync(
            new V1PolicyRule { ApiGroups = ["networking.k8s.io"], Resources = ["ingresses"], Verbs = ["get", "list"] },
            new V1PolicyRule { ApiGroups = ["networking.k8s.io"], Resources = ["ingresses"], ResourceNames = ["app"], Verbs = ["patch"] });

        var read = await EventuallyAsync(() => restricted.ReadNamespacedIngressAsync("other", Namespace, cancellationToken: Cancellation));
        var list = await restricted.ListNamespacedIngressAsync(Namespace, cancellationToken: Cancellation);
        var patched = await restricted.PatchNamespacedIngressAsync(
            Samples.Merge("""{"metadata":{"annotations":{"a":"1"}}}"""), "app", Namespace, cancellationToken: Cancellation);

        Assert.Equal("other", read.Metadata.Name);
        Assert.Equal(2, list.Items.Count);
        Assert.Equal("1", patched.Metadata.Annotations["a"]);
        await Answers.RefusedAsync(HttpStatusCode.Forbidden, "Forbidden", () => restricted.PatchNamespacedIngressAsync(
            Samples.Merge("""{"metadata":{"annotations":{"a":"1"}}}"""), "other", Namespace, cancellationToken: Cancellation));
        await Answers.RefusedAsync(HttpStatusCode.Forbidden, "Forbidden", () => restricted.ReplaceNamespacedIngressAsync(
            read, "other", Namespace, cancellationToken: Cancellation));
        await Answers.RefusedAsync(HttpStatusCode.Forbidden, "Forbidden", () => restricted.ReplaceNamespacedIngressStatusAsync(
            read, "app", Namespace, cancellationToken: Cancellation));
    }

    [Fact]
    public async Task Access_ApplyThatWouldCreate_NeedsTheRightToCreate()
    {
        using var restricted = await Cluster.RestrictedAsync();
        await BindAsync(new V1PolicyRule { ApiGroups = ["networking.k8s.io"], Resources = ["ingresses"], Verbs = ["get", "patch"] });
        await Answers.RefusedAsync(HttpStatusCode.NotFound, "NotFound", () => EventuallyAsync(
            () => restricted.ReadNamespacedIngressAsync("app", Namespace, cancellationToken: Cancellation)));

        var status = await Answers.RefusedAsync(HttpStatusCode.Forbidden, "Forbidden", () => restricted.PatchNamespacedIngressAsync(
            Samples.Apply(Samples.Ingress("app")), "app", Namespace, fieldManager: "tests", cancellationToken: Cancellation));

        Assert.StartsWith("ingresses.networking.k8s.io \"app\" is forbidden: ", status.Message, StringComparison.Ordinal);
    }

    private async Task BindAsync(params IList<V1PolicyRule> rules)
    {
        await Client.CreateNamespacedRoleAsync(new V1Role { Metadata = new() { Name = "given" }, Rules = rules }, Namespace, cancellationToken: Cancellation);
        await Client.CreateNamespacedRoleBindingAsync(
            new V1RoleBinding
            {
                Metadata = new() { Name = "given" },
                RoleRef = new() { ApiGroup = "rbac.authorization.k8s.io", Kind = "Role", Name = "given" },
                Subjects = [new() { ApiGroup = "rbac.authorization.k8s.io", Kind = "User", Name = ITestCluster.RestrictedUser }],
            },
            Namespace,
            cancellationToken: Cancellation);
    }

    // The real server takes a moment until its authorizer sees a new binding.
    private static async Task<T> EventuallyAsync<T>(Func<Task<T>> call)
    {
        for (var left = 200; ; left--)
        {
            try
            {
                return await call();
            }
            catch (k8s.Autorest.HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.Forbidden && left > 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), Cancellation);
            }
        }
    }
}
