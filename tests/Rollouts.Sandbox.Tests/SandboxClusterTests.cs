using System.Diagnostics;
using System.Net;
using k8s;
using k8s.Models;
using Rollouts.Sandbox.DemoService;
using Rollouts.Sandbox.Ingress;
using Rollouts.Sandbox.Processes;

namespace Rollouts.Sandbox.Tests;

/// <summary>The whole sandbox: a weight written to the Kubernetes API, and what nginx then does with users' requests.</summary>
public sealed class SandboxClusterTests : IAsyncLifetime
{
    private SandboxCluster? cluster;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private SandboxCluster Cluster => cluster ?? throw new InvalidOperationException("The sandbox was not started.");

    public async ValueTask InitializeAsync() => cluster = await SandboxCluster.StartAsync(
        new() { RequestsPerSecond = 150, InternalShare = 0.1, Canary = new() { ErrorRate = 0.15 } }, TimeProvider.System, Cancellation);

    public async ValueTask DisposeAsync() => await (cluster?.DisposeAsync() ?? default);

    [Fact]
    public async Task Weight_WrittenToTheApi_IsServedInUnderASecond()
    {
        await CreateCanaryIngressAsync();
        var slowest = TimeSpan.Zero;
        foreach (var weight in (int[])[5, 25, 100, 0])
        {
            var watch = Stopwatch.StartNew();
            await WriteAsync(("canary-weight", weight.ToString()));
            slowest = watch.Elapsed > slowest ? watch.Elapsed : slowest;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"slowest: {slowest.TotalMilliseconds:0} ms");
        Assert.True(slowest < TimeSpan.FromSeconds(1), $"the slowest took {slowest}");
    }

    [Fact]
    public async Task Traffic_HeaderRouteAndWeight_AreWhatUsersSee()
    {
        await CreateCanaryIngressAsync();
        await WriteAsync(("canary-by-header", "X-Internal"), ("canary-by-header-value", "canary"), ("canary-weight", "25"));
        var (trafficBefore, loadBefore) = (Cluster.Traffic(), Cluster.Load());

        await UntilAsync(() => Cluster.Load().Answered - loadBefore.Answered > 600);

        var traffic = Cluster.Traffic() - trafficBefore;
        var tolerance = 5 * Math.Sqrt(0.25 * 0.75 / traffic.Weighted);
        Assert.InRange(traffic.WeightedShare, 0.25 - tolerance, 0.25 + tolerance);
        Assert.InRange((double)traffic.HeaderCanary / traffic.Total, 0.09, 0.11);
        Assert.Equal(0, traffic.HeaderMain + traffic.CookieCanary + traffic.CookieMain);

        var load = Cluster.Load();
        Assert.True(load.Failed == 0, load.LastFailure);
        Assert.Equal(0, load.NotSent);
        Assert.Equal(
            load.InternalByVersion[Cluster.Options.CanaryHash] - loadBefore.InternalByVersion.GetValueOrDefault(Cluster.Options.CanaryHash),
            traffic.HeaderCanary,
            tolerance: 20.0);
        Assert.InRange(load.ByStatus[HttpStatusCode.InternalServerError], 10, load.Answered / 5);
    }

    [Fact]
    public async Task Dispose_Always_LeavesNothingBehind()
    {
        var processes = Cluster.Processes;
        var nginxWorkers = Directory.GetDirectories("/proc").Where(directory => ParentOf(directory) == processes[0].ToString()).ToList();
        var folder = Path.GetDirectoryName(Cluster.KubeConfigFile)!;
        Assert.Equal(2, processes.Count);
        Assert.NotEmpty(nginxWorkers);
        Assert.All(processes, process => Assert.True(Directory.Exists($"/proc/{process}")));

        await Cluster.DisposeAsync();

        Assert.All(processes, process => Assert.False(Directory.Exists($"/proc/{process}"), $"process {process} lives on"));
        await UntilAsync(() => !nginxWorkers.Exists(Directory.Exists));
        Assert.False(Directory.Exists(folder));
        using var http = TestClients.Create();
        foreach (var address in (Uri[])[Cluster.Ingress, Cluster.Prometheus])
            await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(address, Cancellation));
    }

    [Fact]
    public async Task Prometheus_StoppedAndStarted_IsAwayThenBackAtItsAddress()
    {
        using var http = TestClients.Create();
        var ready = new Uri(Cluster.Prometheus, "/-/ready");

        await Cluster.StopPrometheusAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(ready, Cancellation));
        await Cluster.StartPrometheusAsync(Cancellation);

        using var response = await http.GetAsync(ready, Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task KubeConfigFile_Read_LeadsToTheClustersApi()
    {
        using var client = new k8s.Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(Cluster.KubeConfigFile));

        var service = await client.CoreV1.ReadNamespacedServiceAsync(
            SandboxNames.CanaryService, SandboxNames.Namespace, cancellationToken: Cancellation);

        Assert.Equal(Cluster.Options.CanaryHash, service.Spec.Selector[SandboxNames.HashLabel]);
        Assert.Equal(Cluster.Canary.Address, service.Metadata.Annotations[ServiceAddress.Annotation]);
    }

    private async Task CreateCanaryIngressAsync()
    {
        var ingress = await Cluster.Client.NetworkingV1.ReadNamespacedIngressAsync(
            SandboxNames.Ingress, SandboxNames.Namespace, cancellationToken: Cancellation);
        ingress.Metadata = new()
        {
            Name = "checkout-checkout-canary",
            Annotations = new Dictionary<string, string> { [$"{CanaryAnnotations.Prefix}canary"] = "true" },
        };
        ingress.Spec.Rules[0].Http.Paths[0].Backend.Service.Name = SandboxNames.CanaryService;
        await Cluster.Client.NetworkingV1.CreateNamespacedIngressAsync(ingress, SandboxNames.Namespace, cancellationToken: Cancellation);
    }

    /// <summary>Writes canary annotations as a router does, and waits until nginx serves them.</summary>
    private async Task WriteAsync(params (string Name, string Value)[] annotations)
    {
        var patch = new
        {
            metadata = new { annotations = annotations.ToDictionary(annotation => CanaryAnnotations.Prefix + annotation.Name, annotation => annotation.Value) },
        };
        var written = await Cluster.Client.NetworkingV1.PatchNamespacedIngressAsync(
            new V1Patch(patch, V1Patch.PatchType.MergePatch), "checkout-checkout-canary", SandboxNames.Namespace, cancellationToken: Cancellation);
        await Cluster.WaitUntilServedAsync(written.ResourceVersion(), Cancellation);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
            await Task.Delay(TimeSpan.FromMilliseconds(50), limit.Token);
    }

    private static string? ParentOf(string processDirectory)
    {
        try
        {
            return File.ReadAllText(Path.Combine(processDirectory, "stat")).Split(") ").Last().Split(' ')[1];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // No process, or one that has just ended.
        }
    }
}
