using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Rollouts.Sandbox.KubernetesApi.Requests;

namespace Rollouts.Sandbox.KubernetesApi.Serving;

/// <summary>Writing answers.</summary>
internal static class Answering
{
    public static async Task WriteAsync(this HttpResponse response, int code, JsonObject value)
    {
        response.StatusCode = code;
        response.ContentType = "application/json";
        await response.Body.WriteAsync(ApiJson.Write(value), response.HttpContext.RequestAborted);
    }

    public static Task WriteAsync(this HttpResponse response, ApiFailure failure)
    {
        if (failure.RetryAfterSeconds is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        return response.WriteAsync(failure.Code, failure.ToStatus());
    }

    public static Task WriteTextAsync(this HttpResponse response, int code, string text)
    {
        response.StatusCode = code;
        response.ContentType = "text/plain; charset=utf-8";
        return response.WriteAsync(text, response.HttpContext.RequestAborted);
    }
}
