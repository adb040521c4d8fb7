using k8s;
using k8s.Models;

namespace Rollouts.Kubernetes.Tests.Clusters;

/// <summary>What the other tests take for granted: Deployments bring pods, and pods bring endpoints.</summary>
public sealed class WorkloadClusterTests(WorkloadCluster cluster)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Deployment_ScaledAndUpdated_PodsAndEndpointsFollow()
    {
        using var client = await cluster.AdminAsync();
        var name = await client.CreateTestNamespaceAsync(Cancellation);
        var labels = new Dictionary<string, string> { ["app"] = "web" };
        await client.CreateNamespacedServiceAsync(
            new() { Metadata = new() { Name = "web" }, Spec = new() { Selector = labels, Ports = [new() { Port = 80 }] } }, name, cancellationToken: Cancellation);
        await client.CreateNamespacedDeploymentAsync(
            new()
            {
                Metadata = new() { Name = "web" },
                Spec = new()
                {
                    Replicas = 3,
                    Selector = new() { MatchLabels = labels },
                    Template = new() { Metadata = new() { Labels = labels }, Spec = new() { Containers = [new() { Name = "web", Image = "web:1" }] } },
                },
            },
            name,
            cancellationToken: Cancellation);

        await EventuallyAsync(async () => (await ReadyAddressesAsync(client, name)) == 3);
        await client.PatchNamespacedDeploymentAsync(
            new V1Patch("""{"spec":{"replicas":1,"template":{"spec":{"containers":[{"name":"web","image":"web:held"}]}}}}""", V1Patch.PatchType.StrategicMergePatch),
            "web",
            name,
            cancellationToken: Cancellation);
        await EventuallyAsync(async () => (await client.ReadNamespacedDeploymentAsync("web", name, cancellationToken: Cancellation)).Status is { UpdatedReplicas: 1, UnavailableReplicas: 1 });
        Assert.Equal(1, await ReadyAddressesAsync(client, name));
        cluster.LetGo(name);
        await EventuallyAsync(async () =>
            (await client.ReadNamespacedDeploymentAsync("web", name, cancellationToken: Cancellation)).Status is { UpdatedReplicas: 1, Replicas: 1, UnavailableReplicas: null });
        await client.DeleteNamespaceAsync(name, cancellationToken: Cancellation);
    }

    private static async Task<int> ReadyAddressesAsync(k8s.Kubernetes client, string name) =>
        (await client.ListNamespacedEndpointsAsync(name, cancellationToken: Cancellation)).Items.SelectMany(e => e.Subsets ?? []).Sum(s => s.Addresses?.Count ?? 0);

    private static async Task EventuallyAsync(Func<Task<bool>> isSo)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (!await isSo())
        {
            await Task.Delay(100, limit.Token);
        }
    }
}
