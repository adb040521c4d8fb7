using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using k8s;
using k8s.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Rollouts.Sandbox.KubernetesApi;

namespace Rollouts.Benchmarks.Durable;

/// <summary>
/// What an engine outside of this process needs: a Kubernetes API with as many targets as wanted, and a Prometheus that answers for each of them as
/// told. They stand at the addresses that the durable app's sample settings name.
/// </summary>
internal sealed partial class DurableField : IAsyncDisposable
{
    public const string Namespace = "demo";

    /// <summary>Of a cluster that takes connections and never answers.</summary>
    public const string AwayNamespace = "away";

    private const int ApiPort = 7072;
    private const int PrometheusPort = 7073;
    private const int AwayPort = 7074;

    // The kernel takes the connections; nobody reads them.
    private readonly TcpListener away = new(IPAddress.Loopback, AwayPort);

    private readonly KubernetesApiServer api;
    private readonly WebApplication prometheus;
    private readonly k8s.Kubernetes client;
    private readonly ConcurrentDictionary<string, double> rates = new();
    private readonly ConcurrentDictionary<string, DateTimeOffset> failedAt = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<DateTimeOffset>> queries = new();

    private DurableField(KubernetesApiServer api)
    {
        this.api = api;
        client = new k8s.Kubernetes(api.ClientConfiguration("sandbox"));
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls($"http://127.0.0.1:{PrometheusPort}");
        builder.Logging.ClearProviders();
        prometheus = builder.Build();
        prometheus.MapPost("/api/v1/query", AnswerAsync);
        away.Start(backlog: 4096);
    }

    public static async Task<DurableField> StartAsync(IEnumerable<string> names)
    {
        DurableField field = new(await KubernetesApiServer.StartAsync(new() { Port = ApiPort }));
        await field.prometheus.StartAsync();
        await field.client.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new() { Name = Namespace } });
        foreach (string name in names)
        {
            await field.CreateAsync(name);
        }

        return field;
    }

    /// <summary>From now on the canary of a target errs.</summary>
    public void Break(string name) => rates[name] = 0.5;

    /// <summary>How long after Prometheus' first failing answer the canary's weight was 0.</summary>
    public async Task<TimeSpan> UntilWithdrawnAsync(string name, CancellationToken cancellationToken)
    {
        while (true)
        {
            V1Ingress canary = await client.NetworkingV1.ReadNamespacedIngressAsync($"{name}-{name}-canary", Namespace, cancellationToken: cancellationToken);
            if (failedAt.TryGetValue(name, out DateTimeOffset failed)
                && canary.Metadata.Annotations["nginx.ingress.kubernetes.io/canary-weight"] == "0")
            {
                return TimeProvider.System.GetUtcNow() - failed;
            }

            await Task.Delay(5, cancellationToken);
        }
    }

    /// <summary>When Prometheus was asked for a target.</summary>
    public IReadOnlyList<DateTimeOffset> QueriesOf(string name) => [.. queries.GetValueOrDefault(name) ?? []];

    /// <summary>Waits for the next query for a target.</summary>
    public async Task<DateTimeOffset> NextQueryAsync(string name, CancellationToken cancellationToken)
    {
        int before = QueriesOf(name).Count;
        while (QueriesOf(name).Count == before)
        {
            await Task.Delay(5, cancellationToken);
        }

        return QueriesOf(name)[^1];
    }

    /// <summary>How far apart the queries for a target are as a rule; 4 s until there are some.</summary>
    public TimeSpan GapOf(string name)
    {
        IReadOnlyList<DateTimeOffset> asked = QueriesOf(name);
        TimeSpan[] gaps = [.. asked.Zip(asked.Skip(1), (one, next) => next - one).Order()];
        return gaps.Length == 0 ? TimeSpan.FromSeconds(4) : gaps[gaps.Length / 2];
    }

    public async ValueTask DisposeAsync()
    {
        away.Dispose();
        client.Dispose();
        await prometheus.DisposeAsync();
        await api.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        IFormCollection form = await http.Request.ReadFormAsync(http.RequestAborted);
        string name = Target().Match($"{form["query"]}").Groups[1].Value;
        queries.GetOrAdd(name, _ => new()).Enqueue(TimeProvider.System.GetUtcNow());
        double rate = rates.GetValueOrDefault(name, 0.001);
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(
            $$$"""{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1767225600,"{{{rate.ToString(CultureInfo.InvariantCulture)}}}"]}]}}""");
        if (rate > 0.1)
        {
            failedAt.TryAdd(name, TimeProvider.System.GetUtcNow());
        }
    }

    private async Task CreateAsync(string name)
    {
        foreach (string role in new[] { "stable", "canary" })
        {
            await client.CoreV1.CreateNamespacedServiceAsync(
                new V1Service
                {
                    Metadata = new() { Name = $"{name}-{role}" },
                    Spec = new()
                    {
                        Selector = new Dictionary<string, string> { ["app"] = name, ["version"] = role },
                        Ports = [new() { Name = "http", Port = 80, Protocol = "TCP", TargetPort = 8080 }],
                    },
                },
                Namespace);
        }

        V1HTTPIngressPath path = new()
        {
            Path = "/",
            PathType = "Prefix",
            Backend = new() { Service = new() { Name = $"{name}-stable", Port = new() { Number = 80 } } },
        };
        await client.NetworkingV1.CreateNamespacedIngressAsync(
            new V1Ingress
            {
                Metadata = new() { Name = name },
                Spec = new() { IngressClassName = "nginx", Rules = [new() { Host = $"{name}.example", Http = new() { Paths = [path] } }] },
            },
            Namespace);
    }

    [GeneratedRegex("app=\"([^\"]+)\"")]
    private static partial Regex Target();
}
