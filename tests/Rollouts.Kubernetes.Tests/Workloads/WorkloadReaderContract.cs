using k8s;
using k8s.Models;
using Rollouts.Kubernetes.Tests.Clusters;
using Rollouts.Kubernetes.Tests.Traffic;
using Rollouts.Kubernetes.Workloads;
using Rollouts.Workloads;

namespace Rollouts.Kubernetes.Tests.Workloads;

/// <summary>Reading the versions behind two services, on the real server and on the stand-in alike.</summary>
public abstract class WorkloadReaderContract(ITestCluster cluster) : IAsyncLifetime
{
    private k8s.Kubernetes? _client;

    public static TheoryData<string, string?> Selectors => new()
    {
        { "app=shop,rollouts-pod-template-hash=5d4f,pod-template-hash=x,version=1", "5d4f" },
        { "app=shop,pod-template-hash=77c9,app.kubernetes.io/version=2.0", "77c9" },
        { "app=shop,app.kubernetes.io/version=2.0,version=v2", "2.0" },
        { "version=v2", "v2" },
        { "app=shop", null },
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private k8s.Kubernetes Client => _client ?? throw new InvalidOperationException("The test is not initialized.");

    private string Namespace { get; set; } = "";

    public async ValueTask InitializeAsync()
    {
        _client = await cluster.AdminAsync();
        Namespace = await _client.CreateTestNamespaceAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is not null && Namespace.Length > 0)
        {
            await _client.DeleteNamespaceAsync(Namespace, cancellationToken: CancellationToken.None);
        }

        _client?.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [MemberData(nameof(Selectors))]
    public async Task Read_Selector_NamesTheVersion(string selector, string? version)
    {
        await CreateAsync("shop-stable", "version=v1");
        await CreateAsync("shop-canary", selector);

        Assert.Equal(new WorkloadRevisions("v1", version), await ReadAsync());
    }

    [Fact]
    public async Task Read_NoStableService_NamesIt()
    {
        await CreateAsync("shop-canary", "version=v2");

        Assert.Contains($"stable service `shop-stable` not found in namespace {Namespace}", await RefusalAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_NoCanaryService_NamesIt()
    {
        await CreateAsync("shop-stable", "version=v1");

        Assert.Contains($"canary service `shop-canary` not found in namespace {Namespace}", await RefusalAsync(), StringComparison.Ordinal);
    }

    private async Task<string> RefusalAsync()
    {
        PortException refusal = await Assert.ThrowsAsync<PortException>(ReadAsync);
        Assert.Equal(FailureKind.NotFound, refusal.Kind);
        return refusal.Message;
    }

    private Task<WorkloadRevisions> ReadAsync() =>
        new ServiceWorkloadReader(Client, TimeProvider.System).ReadAsync(Ingresses.Target(Namespace, "web"), Cancellation);

    private Task<V1Service> CreateAsync(string name, string selector) => Client.CreateNamespacedServiceAsync(
        new V1Service
        {
            Metadata = new() { Name = name },
            Spec = new()
            {
                Selector = selector.Split(',').Select(s => s.Split('=')).ToDictionary(s => s[0], s => s[1]),
                Ports = [new() { Port = 80 }],
            },
        },
        Namespace,
        cancellationToken: Cancellation);
}
