using k8s;
using k8s.Models;
using Rollouts.Sandbox.DemoService;

namespace Rollouts.Sandbox.Tests.Workloads;

/// <summary>A sandbox whose cluster runs the versions itself.</summary>
public sealed class SandboxWorkloadsTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpClient http = TestClients.Create();
    private SandboxCluster? cluster;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private SandboxCluster Cluster => cluster ?? throw new InvalidOperationException("The sandbox was not started.");

    public async ValueTask InitializeAsync() => cluster = await SandboxCluster.StartAsync(
        new()
        {
            RequestsPerSecond = 0,
            Workloads = new()
            {
                First = "checkout:1",
                Images = new Dictionary<string, ServiceBehavior> { ["checkout:1"] = new() { ErrorRate = 0 }, ["checkout:2"] = new() { ErrorRate = 0 } },
                ReadyAfter = TimeSpan.FromMilliseconds(200),
            },
        },
        TimeProvider.System,
        Cancellation);

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await (cluster?.DisposeAsync() ?? default);
    }

    [Fact]
    public async Task Deployment_OtherImage_IsServedOnceItsPodsAreReady()
    {
        Assert.Equal("checkout:1", await VersionAsync());
        await SetImageAsync("checkout:2");
        await UntilAsync(async () => await VersionAsync() == "checkout:2");
        await UntilAsync(async () => (await PodsAsync()).All(p => p.Spec.Containers[0].Image == "checkout:2"));

        Assert.Equal(3, (await PodsAsync()).Count);
        var scraped = await http.GetStringAsync(new Uri(Cluster.Prometheus, "/api/v1/query?query=count(http_requests_total)"), Cancellation);
        Assert.Contains("success", scraped, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deployment_ImageThatIsNotThere_LeavesTheFormerVersionServing()
    {
        await SetImageAsync("checkout:3");
        await UntilAsync(async () => (await PodsAsync()).Any(p =>
            p.Status.ContainerStatuses?.Any(c => c.State?.Waiting?.Reason == "ImagePullBackOff") == true));

        Assert.Equal("checkout:1", await VersionAsync());
        Assert.Equal(3, (await PodsAsync()).Count(p => p.Spec.Containers[0].Image == "checkout:1"));
    }

    private Task SetImageAsync(string image) => Cluster.Client.AppsV1.PatchNamespacedDeploymentAsync(
        new V1Patch(
            $$$"""{"spec":{"template":{"spec":{"containers":[{"name":"service","image":"{{{image}}}"}]} } } }""", V1Patch.PatchType.StrategicMergePatch),
        SandboxNames.Service,
        SandboxNames.Namespace,
        cancellationToken: Cancellation);

    private async Task<IList<V1Pod>> PodsAsync() =>
        (await Cluster.Client.CoreV1.ListNamespacedPodAsync(SandboxNames.Namespace, cancellationToken: Cancellation)).Items;

    /// <summary>Pods that no rollout has labelled are known by their image.</summary>
    private async Task<string?> VersionAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Cluster.Ingress) { Headers = { Host = SandboxNames.Host } };
        using var answer = await http.SendAsync(request, Cancellation);
        return answer.Headers.TryGetValues(ServiceVersion.VersionHeader, out var versions) ? versions.Single() : null;
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(Patience);
        while (!await isSo())
        {
            await Task.Delay(100, limit.Token);
        }
    }
}
