using k8s;
using k8s.Models;
using Rollouts.Analysis;
using Rollouts.Kubernetes.Analysis;
using Rollouts.Kubernetes.Tests.Clusters;

namespace Rollouts.Kubernetes.Tests.Analysis;

/// <summary>Secrets that templates name, read from a real server.</summary>
public sealed class SecretSourceTests(RealCluster cluster) : IAsyncLifetime
{
    private k8s.Kubernetes? client;

    private string ns = "";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        client = await cluster.AdminAsync();
        ns = await client.CreateTestNamespaceAsync(Cancellation);
        await client.CreateNamespacedSecretAsync(
            new V1Secret { Metadata = new() { Name = "metrics" }, StringData = new Dictionary<string, string> { ["token"] = "s3cret ü\n" } },
            ns,
            cancellationToken: Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (client is not null && ns.Length > 0)
        {
            await client.DeleteNamespaceAsync(ns, cancellationToken: CancellationToken.None);
        }

        client?.Dispose();
    }

    [Fact]
    public async Task Read_Key_GivesItsText() =>
        Assert.Equal("s3cret ü\n", await Source(client!).ReadAsync(new(ns), new SecretReference("metrics", "token"), Cancellation));

    [Theory]
    [InlineData("none", "token", "secret `none` not found in namespace {0}")]
    [InlineData("metrics", "none", "secret `metrics` in namespace {0} has no key `none`")]
    public async Task Read_Missing_NamesIt(string name, string key, string expected)
    {
        PortException failure = await Assert.ThrowsAsync<PortException>(() => Source(client!).ReadAsync(new(ns), new SecretReference(name, key), Cancellation));

        Assert.Equal((FailureKind.NotFound, string.Format(System.Globalization.CultureInfo.InvariantCulture, expected, ns)), (failure.Kind, failure.Message));
    }

    [Fact]
    public async Task Read_WithoutTheRight_NamesIt()
    {
        using k8s.Kubernetes restricted = await cluster.RestrictedAsync();

        PortException failure = await Assert.ThrowsAsync<PortException>(
            () => Source(restricted).ReadAsync(new(ns), new SecretReference("metrics", "token"), Cancellation));

        Assert.Equal(FailureKind.Forbidden, failure.Kind);
        Assert.StartsWith($"forbidden: needs get on secrets in namespace {ns}", failure.Message);
        Assert.DoesNotContain("s3cret", failure.ToString());
    }

    private static ClusterSecretSource Source(k8s.Kubernetes kubernetes) => new(kubernetes, TimeProvider.System);
}
