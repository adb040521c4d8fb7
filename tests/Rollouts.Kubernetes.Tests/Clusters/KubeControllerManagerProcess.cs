using System.Globalization;

namespace Rollouts.Kubernetes.Tests.Clusters;

/// <summary>The controllers that make ReplicaSets, Pods and Endpoints of what an API server holds.</summary>
internal sealed class KubeControllerManagerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromMinutes(1);

    // Of all controllers those that a workload needs; nodes are not to be found dead for want of a kubelet's heartbeat.
    private const string Controllers = "deployment,replicaset,endpoint,endpointslice,disruption,garbagecollector,namespace";

    private readonly ChildProcess process;

    private KubeControllerManagerProcess(ChildProcess process) => this.process = process;

    /// <param name="path">Of the program.</param>
    /// <param name="server">The API server; its folder takes this program's files.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    public static async Task<KubeControllerManagerProcess> StartAsync(string path, KubeApiServerProcess server, CancellationToken cancellation)
    {
        Assert.True(File.Exists(path), $"There is no {path}: run tests/kube-apiserver/build, which builds what is missing.");
        var kubeconfig = Path.Combine(server.Folder, "controllers.kubeconfig");
        await File.WriteAllTextAsync(kubeconfig, server.KubeconfigYaml(KubeApiServerProcess.AdminToken), cancellation);
        var port = KubeApiServerProcess.FreeAddress("https").Port;
        var started = new KubeControllerManagerProcess(ChildProcess.Start(
            path,
            Path.Combine(server.Folder, "controllers.log"),
            "--kubeconfig=" + kubeconfig,
            "--controllers=" + Controllers,
            "--leader-elect=false",
            "--port=0",
            "--bind-address=127.0.0.1",
            "--secure-port=" + port.ToString(CultureInfo.InvariantCulture),
            "--cert-dir=" + Path.Combine(server.Folder, "controllers"),
            "--kube-api-qps=500",
            "--kube-api-burst=1000"));
        try
        {
            await started.WaitUntilReadyAsync(port, cancellation);
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();

    private async Task WaitUntilReadyAsync(int port, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(StartTime);
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true };
        using var http = new HttpClient(handler) { BaseAddress = new UriBuilder("https", "127.0.0.1", port).Uri, Timeout = TimeSpan.FromSeconds(5) };
        while (!await IsHealthyAsync(http, limit.Token))
        {
            Assert.False(process.HasExited, $"kube-controller-manager ended while it started: {process.LogTail()}");
            Assert.False(limit.IsCancellationRequested, $"kube-controller-manager was not ready within {StartTime}: {process.LogTail()}");
            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellation);
        }
    }

    private static async Task<bool> IsHealthyAsync(HttpClient http, CancellationToken cancellation)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri("/healthz", UriKind.Relative), cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }
}
