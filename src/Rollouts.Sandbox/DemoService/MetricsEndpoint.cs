using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Prometheus;

namespace Rollouts.Sandbox.DemoService;

/// <summary>One address that a Prometheus scrapes for all versions, however many come and go, as an agent on a node would serve it.</summary>
internal sealed class MetricsEndpoint : IAsyncDisposable
{
    private readonly TimeProvider time;
    private readonly WebApplication app;

    private MetricsEndpoint(TimeProvider time)
    {
        this.time = time;
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddSingleton<IHostLifetime, HostedInProcess>();
        builder.Services.AddRouting();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.MapMetrics("/metrics", Registry);
    }

    /// <summary>What it serves.</summary>
    public CollectorRegistry Registry { get; } = Metrics.NewCustomRegistry();

    /// <summary>IP address and port.</summary>
    public string Address => new Uri(app.Urls.Single()).Authority;

    public static async Task<MetricsEndpoint> StartAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        var endpoint = new MetricsEndpoint(time);
        try
        {
            await endpoint.app.StartAsync(cancellationToken);
            return endpoint;
        }
        catch
        {
            await endpoint.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2), time);
        await app.StopAsync(limit.Token);
        await app.DisposeAsync();
    }
}
