using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Prometheus;

namespace Rollouts.Sandbox.DemoService;

/// <summary>
/// One version of a small HTTP service, on a free port of 127.0.0.1. It answers every path with JSON that names the
/// version, and <c>/metrics</c> with its metrics.
/// </summary>
public sealed class ServiceVersion : IAsyncDisposable
{
    /// <summary>The response header that names the version that answered.</summary>
    public const string VersionHeader = "X-Version";

    private readonly string version;
    private readonly TimeProvider time;
    private readonly ServiceMetrics metrics;
    private readonly WebApplication app;
    private long requests;

    private ServiceVersion(string version, ServiceBehavior behavior, TimeProvider time, CollectorRegistry? registry)
    {
        this.version = version;
        this.time = time;
        Behavior = behavior;
        metrics = new(version, registry);
        app = Build();
        app.MapMetrics("/metrics", metrics.Registry);
        app.MapFallback(AnswerAsync);
    }

    /// <summary>How it answers; may be changed while it runs.</summary>
    public ServiceBehavior Behavior { get; set; }

    /// <summary>IP address and port, for instance <c>127.0.0.1:20817</c>.</summary>
    public string Address => new Uri(app.Urls.Single()).Authority;

    /// <summary>Starts a version.</summary>
    /// <param name="version">The value of the metrics' <c>version</c> label: the pod template hash.</param>
    /// <param name="behavior">How it answers.</param>
    /// <param name="time">The clock of its latencies.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <param name="registry">Where it counts, beside other versions; null (the default) takes one of its own.</param>
    public static async Task<ServiceVersion> StartAsync(
        string version, ServiceBehavior behavior, TimeProvider time, CancellationToken cancellationToken, CollectorRegistry? registry = null)
    {
        var service = new ServiceVersion(version, behavior, time, registry);
        try
        {
            await service.app.StartAsync(cancellationToken);
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2), time);
        await app.StopAsync(limit.Token);
        await app.DisposeAsync();
    }

    private static WebApplication Build()
    {
        // The empty builder reads no settings file and no environment, which belong to the program around it.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddSingleton<IHostLifetime, HostedInProcess>();
        builder.Services.AddRouting();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        return builder.Build();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var number = Interlocked.Increment(ref requests) - 1;
        var behavior = Behavior;
        var started = time.GetTimestamp();
        await Task.Delay(behavior.LatencyAt(RequestPattern.Quantile(number)), time, context.RequestAborted);

        var status = RequestPattern.IsChosen(number, behavior.ErrorRate)
            ? StatusCodes.Status500InternalServerError
            : StatusCodes.Status200OK;
        metrics.Answered(status, time.GetElapsedTime(started));
        context.Response.StatusCode = status;
        context.Response.Headers[VersionHeader] = version;
        await context.Response.WriteAsync($$"""{"version":"{{version}}","status":{{status}}}""", context.RequestAborted);
    }
}
