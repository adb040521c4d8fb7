using System.Globalization;
using System.Threading.Channels;
using k8s;
using k8s.Models;
using Rollouts.Sandbox.Processes;

namespace Rollouts.Sandbox.Ingress;

/// <summary>Makes nginx serve what the ingress objects and services of a Kubernetes API ask for, and follows their changes.</summary>
public sealed class IngressController : IAsyncDisposable
{
    /// <summary>Ingresses of this class are served, as ingress-nginx does by default.</summary>
    public const string IngressClass = "nginx";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly TimeProvider time;
    private readonly ResourceMirror<V1Ingress> ingresses;
    private readonly ResourceMirror<V1Service> services;
    private readonly Channel<bool> changes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Dictionary<string, bool> patternCompiles = [];
    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;
    private ulong servedVersion;
    private string? refusal;

    private IngressController(IKubernetes client, NginxServer nginx, TimeProvider time)
    {
        this.time = time;
        Nginx = nginx;
        ingresses = new(ResourceSources.Ingresses(client), Changed, time);
        services = new(ResourceSources.Services(client), Changed, time);
    }

    public NginxServer Nginx { get; }

    /// <summary>Starts nginx and the controller, and returns once nginx serves what the API holds.</summary>
    /// <param name="client">Needs to get, list and watch ingresses and services in all namespaces.</param>
    /// <param name="folder">A folder of nginx's own.</param>
    /// <param name="http">Asks nginx which configuration it serves.</param>
    /// <param name="time">The clock of all waiting.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="ChildProcessException">nginx is missing or does not start.</exception>
    /// <exception cref="TimeoutException">The API cannot be listed; the message says why.</exception>
    public static async Task<IngressController> StartAsync(
        IKubernetes client, string folder, HttpClient http, TimeProvider time, CancellationToken cancellationToken)
    {
        var nginx = await NginxServer.StartAsync(new RoutingTable([], []), folder, http, time, cancellationToken);
        var controller = new IngressController(client, nginx, time);
        controller.running = controller.RunAsync(controller.stopping.Token);
        try
        {
            await controller.WaitUntilServedAsync("1", cancellationToken);
            return controller;
        }
        catch
        {
            await controller.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until nginx serves an ingress as it was written.</summary>
    /// <param name="resourceVersion">The resource version that the API gave to the write.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="TimeoutException">It is not served within 15 s; the message says why, as far as is known.</exception>
    public async Task WaitUntilServedAsync(string resourceVersion, CancellationToken cancellationToken)
    {
        var wanted = ulong.Parse(resourceVersion, CultureInfo.InvariantCulture);
        var started = time.GetTimestamp();
        while (Volatile.Read(ref servedVersion) < wanted)
        {
            if (time.GetElapsedTime(started) > Patience)
            {
                var reason = refusal ?? ingresses.LastError?.Message ?? services.LastError?.Message ?? "no reason is known";
                throw new TimeoutException(
                    $"nginx does not serve resource version {resourceVersion} after {Patience.TotalSeconds:0} s: {reason}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), time, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running;
        await Nginx.DisposeAsync();
        stopping.Dispose();
    }

    private void Changed() => changes.Writer.TryWrite(true);

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        var mirrors = Task.WhenAll(ingresses.RunAsync(cancellationToken), services.RunAsync(cancellationToken));
        try
        {
            await foreach (var _ in changes.Reader.ReadAllAsync(cancellationToken))
                await ServeAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await mirrors;
        }
    }

    private async Task ServeAsync(CancellationToken cancellationToken)
    {
        var (currentIngresses, version) = ingresses.Current;
        var (currentServices, servicesVersion) = services.Current;
        if (version == 0 || servicesVersion == 0)
            return;
        try
        {
            var broken = await BrokenPatternsAsync(currentIngresses, cancellationToken);
            await Nginx.ApplyAsync(RoutingTableBuilder.Build(currentIngresses, currentServices, IngressClass, broken), cancellationToken);
            refusal = null;
            Volatile.Write(ref servedVersion, version);
        }
        catch (ChildProcessException e)
        {
            refusal = e.Message; // nginx goes on with what it has; the next change may be a better one.
        }
    }

    private async Task<IReadOnlySet<string>> BrokenPatternsAsync(IEnumerable<V1Ingress> current, CancellationToken cancellationToken)
    {
        var patterns = RoutingTableBuilder.HeaderPatterns(current, IngressClass);
        foreach (var pattern in patterns.Where(pattern => !patternCompiles.ContainsKey(pattern)))
            patternCompiles[pattern] = await Nginx.CompilesAsync(pattern, cancellationToken);
        return patterns.Where(pattern => !patternCompiles[pattern]).ToHashSet();
    }
}
