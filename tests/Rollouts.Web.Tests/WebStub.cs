using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rollouts.Analysis;

namespace Rollouts.Web.Tests;

/// <summary>A service on loopback that answers as a test says and keeps what it was asked.</summary>
internal sealed class WebStub : IAsyncDisposable
{
    private readonly WebApplication app;

    private WebStub(WebApplication app) => this.app = app;

    public ConcurrentQueue<Asked> Requests { get; } = [];

    public string Address => app.Urls.Single();

    public static Task<WebStub> StartAsync(string body, int status = 200) => StartAsync(async context =>
    {
        context.Response.StatusCode = status;
        await context.Response.WriteAsync(body, context.RequestAborted);
    });

    public static async Task<WebStub> StartAsync(RequestDelegate answer)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        WebApplication app = builder.Build();
        var stub = new WebStub(app);
        app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            stub.Requests.Enqueue(new Asked(
                context.Request.Method,
                context.Request.Path + context.Request.QueryString,
                await reader.ReadToEndAsync(),
                context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
            await answer(context);
        });
        await app.StartAsync();
        return stub;
    }

    /// <summary>A provider that may ask this service, for values and for tokens.</summary>
    public WebProvider Provider() => For(new WebOptions { Addresses = [new WebAddress { Address = Address }], TokenAddresses = [Address] });

    public static WebProvider For(WebOptions options) =>
        new ServiceCollection().AddWebMetrics(options).BuildServiceProvider().GetRequiredService<WebProvider>();

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await app.StopAsync(limit.Token);
        await app.DisposeAsync();
    }
}

/// <summary>A request as it came in.</summary>
internal sealed record Asked(string Method, string Url, string Body, IReadOnlyDictionary<string, string> Headers);

/// <summary>Asking, as a measurement does it.</summary>
internal static class Asking
{
    public static Task<MetricAnswer> AskAsync(this WebProvider provider, WebQuery query) => provider.QueryAsync(query, TestContext.Current.CancellationToken);

    public static Task<PortException> FailAsync(this WebProvider provider, WebQuery query) =>
        Assert.ThrowsAsync<PortException>(() => provider.AskAsync(query));
}
