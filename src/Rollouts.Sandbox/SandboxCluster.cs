using k8s;
using Rollouts.Sandbox.DemoService;
using Rollouts.Sandbox.Ingress;
using Rollouts.Sandbox.KubernetesApi;
using Rollouts.Sandbox.Load;
using Rollouts.Sandbox.Processes;
using Rollouts.Sandbox.Prometheus;
using Rollouts.Sandbox.Workloads;

namespace Rollouts.Sandbox;

/// <summary>
/// A playground cluster on 127.0.0.1: a Kubernetes API, an ingress controller with a real nginx, a real Prometheus, a service
/// in a stable and a canary version, and users who send it requests. Everything is gone when it is disposed, and when this
/// process ends in any other way.
/// </summary>
public sealed class SandboxCluster : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly Stack<IAsyncDisposable> running = [];
    private readonly TimeProvider time;
    private readonly string folder = Directory.CreateTempSubdirectory("rollouts-sandbox-").FullName;
    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false })
    {
        Timeout = TimeSpan.FromSeconds(10),
    };

    private k8s.Kubernetes? client;
    private ServiceVersion? stable;
    private ServiceVersion? canary;
    private IngressController? controller;
    private PrometheusServer? prometheus;
    private LoadGenerator? load;

    private SandboxCluster(SandboxOptions options, TimeProvider time)
    {
        Options = options;
        this.time = time;
    }

    /// <summary>What it was started with.</summary>
    public SandboxOptions Options { get; }

    /// <summary>A client of the cluster's API that may do everything.</summary>
    public IKubernetes Client => Started(client);

    /// <summary>A file with the kubeconfig of the cluster.</summary>
    public string KubeConfigFile => Path.Combine(folder, "kubeconfig.yaml");

    /// <summary>The base address of Prometheus, also while it is stopped.</summary>
    public Uri Prometheus => Started(prometheus).Address;

    /// <summary>Where users send their requests, with <see cref="SandboxNames.Host"/> in the Host header.</summary>
    public Uri Ingress => Started(controller).Nginx.Address;

    /// <summary>The version that users have now; its behaviour may be changed. Not with <see cref="SandboxOptions.Workloads"/>.</summary>
    public ServiceVersion Stable => Started(stable);

    /// <summary>The new version; its behaviour may be changed. Not with <see cref="SandboxOptions.Workloads"/>.</summary>
    public ServiceVersion Canary => Started(canary);

    /// <summary>The process ids of nginx and, while it runs, Prometheus.</summary>
    public IReadOnlyList<int> Processes =>
        Started(prometheus).ProcessId is { } process ? [Started(controller).Nginx.ProcessId, process] : [Started(controller).Nginx.ProcessId];

    /// <summary>Starts a sandbox and returns once it serves requests and Prometheus has scraped both versions.</summary>
    /// <exception cref="ChildProcessException">nginx or Prometheus is not installed or does not start; the message names the cure.</exception>
    public static async Task<SandboxCluster> StartAsync(SandboxOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        InstalledPrograms.Require(
            (NginxServer.Program, NginxServer.DebianPackage), (PrometheusServer.Program, PrometheusServer.DebianPackage));
        var cluster = new SandboxCluster(options, time);
        try
        {
            await cluster.StartAllAsync(cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>What nginx did with the requests so far; two of these tell what it did in between.</summary>
    public TrafficCounts Traffic() => Started(controller).Nginx.Traffic.Snapshot();

    /// <summary>What the users saw so far; nothing when no requests are sent.</summary>
    public LoadCounts Load() => load?.Snapshot() ?? new();

    /// <summary>Waits until nginx serves what an ingress was written to be.</summary>
    /// <param name="resourceVersion">As the API answered the write.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="TimeoutException">It is not served within 15 s.</exception>
    public Task WaitUntilServedAsync(string resourceVersion, CancellationToken cancellationToken) =>
        Started(controller).WaitUntilServedAsync(resourceVersion, cancellationToken);

    /// <summary>Stops Prometheus: queries are refused until <see cref="StartPrometheusAsync"/>.</summary>
    public Task StopPrometheusAsync() => Started(prometheus).StopAsync();

    /// <summary>Starts Prometheus again, at the same address and with the data that it had.</summary>
    public Task StartPrometheusAsync(CancellationToken cancellationToken) => Started(prometheus).StartAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        var failures = new List<Exception>();
        while (running.TryPop(out var one))
        {
            try
            {
                await one.DisposeAsync();
            }
            catch (Exception e)
            {
                failures.Add(e); // The others are to be stopped all the same.
            }
        }

        client?.Dispose();
        http.Dispose();
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        if (failures.Count > 0)
            throw new AggregateException("Not everything in the sandbox could be stopped.", failures);
    }

    private static T Started<T>(T? part)
        where T : class => part ?? throw new InvalidOperationException("The sandbox has not been started.");

    private async Task StartAllAsync(CancellationToken cancellationToken)
    {
        var scraped = Options.Workloads is { } workloads
            ? await StartWorkloadsAsync(workloads, cancellationToken)
            : await StartVersionsAsync(cancellationToken);
        var starting = PrometheusServer.StartAsync(
            [new(SandboxNames.Service, scraped)], Folder("prometheus"), http, time, cancellationToken, Options.PrometheusPort);
        try
        {
            controller = Running(await IngressController.StartAsync(Client, Folder("nginx"), http, time, cancellationToken));
        }
        finally
        {
            // Also when nginx did not start: what has been started is known to be stopped.
            prometheus = Running(await starting);
        }

        if (Options.RequestsPerSecond > 0)
            load = Running(LoadGenerator.Start(Users(), http, time));
    }

    /// <returns>What Prometheus scrapes.</returns>
    private async Task<IReadOnlyList<string>> StartVersionsAsync(CancellationToken cancellationToken)
    {
        stable = Running(await ServiceVersion.StartAsync(Options.StableHash, Options.Stable, time, cancellationToken));
        canary = Running(await ServiceVersion.StartAsync(Options.CanaryHash, Options.Canary, time, cancellationToken));
        await StartApiAsync(cancellationToken);
        await SandboxObjects.CreateAsync(Client, Options, stable.Address, canary.Address, cancellationToken);
        return [stable.Address, canary.Address];
    }

    private async Task<IReadOnlyList<string>> StartWorkloadsAsync(SandboxWorkloads workloads, CancellationToken cancellationToken)
    {
        var metrics = Running(await MetricsEndpoint.StartAsync(time, cancellationToken));
        await StartApiAsync(cancellationToken);
        await SandboxObjects.CreateAsync(Client, workloads, cancellationToken);
        var pods = Running(new DemoPods(Client, workloads.Images, metrics.Registry, workloads.ReadyAfter, time));
        Running(DeploymentController.Start(Client, pods, time));
        var started = time.GetTimestamp();
        while (ServiceAddress.Of(await Client.CoreV1.ReadNamespacedServiceAsync(
            SandboxNames.StableService, SandboxNames.Namespace, cancellationToken: cancellationToken)) is null)
        {
            if (time.GetElapsedTime(started) > workloads.ReadyAfter + Patience)
                throw new TimeoutException($"no pod of {workloads.First} is ready after {(workloads.ReadyAfter + Patience).TotalSeconds:0} s");
            await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellationToken);
        }

        return [metrics.Address];
    }

    private async Task StartApiAsync(CancellationToken cancellationToken)
    {
        var api = Running(await KubernetesApiServer.StartAsync(new() { TimeProvider = time, Port = Options.ApiPort }, cancellationToken));

        // The client reads no kubeconfig without credentials; this API takes any.
        await File.WriteAllTextAsync(KubeConfigFile, api.KubeConfigYaml(token: "sandbox"), cancellationToken);
        client = new(await KubernetesClientConfiguration.BuildConfigFromConfigFileAsync(new FileInfo(KubeConfigFile)));
    }

    private LoadOptions Users() => new()
    {
        Target = Ingress,
        Host = SandboxNames.Host,
        RequestsPerSecond = Options.RequestsPerSecond,
        InternalShare = Options.InternalShare,
    };

    private string Folder(string name) => Directory.CreateDirectory(Path.Combine(folder, name)).FullName;

    private T Running<T>(T part)
        where T : IAsyncDisposable
    {
        running.Push(part);
        return part;
    }
}
