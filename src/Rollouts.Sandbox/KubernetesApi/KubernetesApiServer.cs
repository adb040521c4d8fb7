using System.Net;
using System.Text.Json.Nodes;
using k8s;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Rollouts.Sandbox.KubernetesApi.Faults;
using Rollouts.Sandbox.KubernetesApi.Ownership;
using Rollouts.Sandbox.KubernetesApi.Requests;
using Rollouts.Sandbox.KubernetesApi.Serving;
using Rollouts.Sandbox.KubernetesApi.Storage;
using Rollouts.Sandbox.KubernetesApi.Writing;

namespace Rollouts.Sandbox.KubernetesApi;

/// <summary>
/// A Kubernetes API on loopback that keeps its objects in memory, for demos and tests. It answers a Kubernetes client as the real
/// server does for what it serves, and as the real server answers an unknown resource for everything else. No controller runs in it.
/// </summary>
public sealed class KubernetesApiServer : IAsyncDisposable
{
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(5);

    private readonly WebApplication app;
    private readonly CancellationTokenSource stopping;

    private readonly CallLog calls;

    private KubernetesApiServer(WebApplication app, CallLog calls, KubernetesFaults faults, CancellationTokenSource stopping)
    {
        this.app = app;
        this.calls = calls;
        Faults = faults;
        this.stopping = stopping;
        Address = new Uri(app.Urls.Single());
    }

    /// <summary>Where it listens, for instance <c>http://127.0.0.1:40123</c>.</summary>
    public Uri Address { get; }

    /// <summary>What shall go wrong.</summary>
    public KubernetesFaults Faults { get; }

    /// <summary>The last 10,000 calls to resources, oldest first, refused ones included.</summary>
    public IReadOnlyList<KubernetesCall> Calls => calls.Read();

    /// <summary>Starts a server and waits until it listens.</summary>
    /// <param name="options">How; null takes every default.</param>
    /// <param name="cancellation">Ends the start, not the server.</param>
    public static async Task<KubernetesApiServer> StartAsync(KubernetesApiOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.WatchHistory, 1);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, options.Port, listen => listen.Protocols = HttpProtocols.Http1AndHttp2);
        });
        var app = builder.Build();
        var stopping = new CancellationTokenSource();
        var faults = new KubernetesFaults();
        var calls = new CallLog();
        var dispatcher = Compose(options, calls, faults, stopping.Token);
        app.Run(dispatcher.HandleAsync);
        try
        {
            await app.StartAsync(cancellation);
            return new(app, calls, faults, stopping);
        }
        catch
        {
            await app.DisposeAsync();
            stopping.Dispose();
            throw;
        }
    }

    /// <summary>A kubeconfig of one context that leads here.</summary>
    /// <param name="token">The bearer token in it. Default: none.</param>
    public string KubeConfigYaml(string? token = null) => $$"""
        apiVersion: v1
        kind: Config
        current-context: sandbox
        clusters:
        - name: sandbox
          cluster:
            server: {{Address.GetLeftPart(UriPartial.Authority)}}
        contexts:
        - name: sandbox
          context:
            cluster: sandbox
            user: sandbox
        users:
        - name: sandbox
          user: {{(token is null ? "{}" : $"{{\"token\": \"{token}\"}}")}}

        """;

    /// <summary>The configuration of a client that talks to this server.</summary>
    /// <param name="token">The bearer token it sends. Default: none.</param>
    public KubernetesClientConfiguration ClientConfiguration(string? token = null) => new()
    {
        Host = Address.GetLeftPart(UriPartial.Authority),
        AccessToken = token,
    };

    /// <summary>Ends every watch and stops listening.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        using var limit = new CancellationTokenSource(StopTime);
        await app.StopAsync(limit.Token);
        await app.DisposeAsync();
        stopping.Dispose();
    }

    private static Dispatcher Compose(KubernetesApiOptions options, CallLog calls, KubernetesFaults faults, CancellationToken stopping)
    {
        var time = options.TimeProvider;
        var kinds = new KindTable(KubernetesKinds.BuiltIn.Concat(options.Kinds));
        var store = new ObjectStore(options.WatchHistory);
        var ownership = new OwnershipTracker(time);
        var namespaces = new NamespaceLifecycle(store, kinds, time);
        var writer = new ObjectWriter(store, ownership, namespaces, time);
        foreach (var name in (string[])["default", "kube-node-lease", "kube-public", "kube-system"])
        {
            var request = new ApiRequest("create", KubernetesKinds.Namespace, "", "", "", new QueryCollection(), "kube-apiserver");
            writer.Create(request, new() { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = name } });
        }

        var resources = new ResourceHandler(
            store, writer, new(ownership), new(store, namespaces, time), new(store, time, options.BookmarkInterval), stopping);
        return new(kinds, new(options.Tokens), new(store), calls, faults, resources, time, stopping);
    }
}
