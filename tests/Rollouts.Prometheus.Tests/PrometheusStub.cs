using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Rollouts.Prometheus.Tests;

/// <summary>A server on loopback that answers as a test says and keeps what it was asked.</summary>
internal sealed class PrometheusStub : IAsyncDisposable
{
    private readonly WebApplication app;

    private PrometheusStub(WebApplication app) => this.app = app;

    public ConcurrentQueue<Asked> Requests { get; } = [];

    public string Address => app.Urls.Single();

    public Asked Single => Assert.Single(Requests);

    /// <summary>Answers every request with the same body.</summary>
    public static Task<PrometheusStub> StartAsync(string body, int status = 200, string type = "application/json") => StartAsync(async context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        await context.Response.WriteAsync(body, context.RequestAborted);
    });

    public static async Task<PrometheusStub> StartAsync(RequestDelegate answer, X509Certificate2? certificate = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        if (certificate is not null)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }

        WebApplication app = builder.Build();
        var stub = new PrometheusStub(app);
        app.Run(async context =>
        {
            IFormCollection form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync() : FormCollection.Empty;
            stub.Requests.Enqueue(new Asked(
                context.Request.Method,
                context.Request.Path,
                context.Request.QueryString.Value ?? "",
                form.ToDictionary(f => f.Key, f => f.Value.ToString()),
                context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
            await answer(context);
        });
        await app.StartAsync();
        return stub;
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await app.StopAsync(limit.Token);
        await app.DisposeAsync();
    }
}

/// <summary>A request as it came in.</summary>
internal sealed record Asked(
    string Method, string Path, string QueryString, IReadOnlyDictionary<string, string> Form, IReadOnlyDictionary<string, string> Headers);
