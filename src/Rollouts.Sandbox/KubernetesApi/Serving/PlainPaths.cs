using Microsoft.AspNetCore.Http;
using Rollouts.Sandbox.KubernetesApi.Requests;

namespace Rollouts.Sandbox.KubernetesApi.Serving;

/// <summary>What lies beside the resources: version, health, discovery. Everything else is not found.</summary>
internal sealed class PlainPaths(KindTable kinds)
{
    private readonly Discovery discovery = new(kinds);

    public Task AnswerAsync(string path, HttpResponse response) => path switch
    {
        _ when !HttpMethods.IsGet(response.HttpContext.Request.Method) => response.WriteTextAsync(404, "404 page not found\n"),
        "/healthz" or "/readyz" or "/livez" => response.WriteTextAsync(200, "ok"),
        "/version" => response.WriteAsync(200, new()
        {
            ["major"] = "1",
            ["minor"] = "34",
            ["gitVersion"] = "v1.34.0+sandbox",
            ["gitCommit"] = "",
            ["gitTreeState"] = "clean",
            ["buildDate"] = "1970-01-01T00:00:00Z",
            ["goVersion"] = "",
            ["compiler"] = "",
            ["platform"] = "sandbox",
        }),
        _ => discovery.Read(path) is { } document ? response.WriteAsync(200, document) : response.WriteTextAsync(404, "404 page not found\n"),
    };
}
