using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Rollouts.Benchmarks.Embedded;

/// <summary>Answers every query as a Prometheus with one healthy series. Prints its address; ends when its input does.</summary>
internal static class PrometheusStub
{
    public const string Command = "prometheus-stub";

    private static readonly byte[] Answer = Encoding.UTF8.GetBytes(
        """{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1767225600,"0.001"]}]}}""");

    public static async Task<int> RunAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        await using WebApplication app = builder.Build();
        app.MapPost("/api/v1/query", (HttpContext context) =>
        {
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = Answer.Length;
            return context.Response.Body.WriteAsync(Answer).AsTask();
        });
        await app.StartAsync();
        Console.WriteLine(app.Urls.Single());
        await Console.In.ReadToEndAsync();
        await app.StopAsync();
        return 0;
    }
}
