using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Rollouts.Sandbox.KubernetesApi.Requests;
using Rollouts.Sandbox.KubernetesApi.Storage;
using Rollouts.Sandbox.KubernetesApi.Writing;

namespace Rollouts.Sandbox.KubernetesApi.Serving;

/// <summary>Takes a call to the handler of its verb and writes the answer.</summary>
internal sealed class Dispatcher(KindTable kinds, ObjectStore store, TimeProvider time, TimeSpan bookmarkInterval, CancellationToken stopping)
{
    private readonly ObjectWriter _writer = new(store, time);
    private readonly ObjectDeleter _deleter = new(store, kinds, time);
    private readonly ListReader _lists = new(store);
    private readonly WatchStream _watches = new(store, time, bookmarkInterval);

    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            await RouteAsync(context);
        }
        catch (ApiFailure failure)
        {
            if (failure.RetryAfterSeconds is { } seconds)
            {
                context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            }

            await WriteAsync(context.Response, failure.Code, failure.ToStatus());
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested || stopping.IsCancellationRequested)
        {
            context.Abort();
        }
    }

    private async Task RouteAsync(HttpContext context)
    {
        var request = ApiRequest.Read(context.Request, kinds);
        if (request is null)
        {
            await WritePlainAsync(context);
            return;
        }

        switch (request.Verb)
        {
            case "get":
                var found = store.Find(request.Kind, ObjectWriter.NamespaceKey(request), request.Name) ?? throw ApiFailure.NotFound(request.Kind, request.Name);
                await WriteAsync(context.Response, 200, found);
                break;
            case "list":
                await WriteAsync(context.Response, 200, _lists.List(request));
                break;
            case "watch":
                using (var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping))
                {
                    await _watches.WriteAsync(request, context.Response, end.Token);
                }

                break;
            default:
                await ChangeAsync(request, context);
                break;
        }
    }

    private async Task ChangeAsync(ApiRequest request, HttpContext context)
    {
        var body = await RequestBody.ReadAsync(context.Request, context.RequestAborted);
        switch (request.Verb)
        {
            case "create":
                await WriteAsync(context.Response, 201, _writer.Create(request, ObjectReader.ReadBody(request.Kind, body.Json())));
                break;
            case "update":
                var given = ObjectReader.ReadBody(request.Kind, body.Json());
                var (updated, created) = _writer.Update(request, _ => given);
                await WriteAsync(context.Response, created ? 201 : 200, updated);
                break;
            case "patch":
                (updated, created) = _writer.Update(request, Patches.For(request, body));
                await WriteAsync(context.Response, created ? 201 : 200, updated);
                break;
            case "delete":
                await WriteAsync(context.Response, 200, _deleter.Delete(request, body.DeleteOptions()));
                break;
            default:
                var deleted = _lists.List(request);
                _deleter.DeleteAll(request, _lists.Select(request));
                await WriteAsync(context.Response, 200, deleted);
                break;
        }
    }

    private static async Task WritePlainAsync(HttpContext context)
    {
        if (context.Request.Path.Value is "/version")
        {
            await WriteAsync(context.Response, 200, new() { ["major"] = "1", ["minor"] = "34", ["gitVersion"] = "v1.34.0+sandbox", ["platform"] = "sandbox" });
            return;
        }

        var healthy = context.Request.Path.Value is "/healthz" or "/readyz" or "/livez";
        context.Response.StatusCode = healthy ? 200 : 404;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(healthy ? "ok" : "404 page not found\n", context.RequestAborted);
    }

    private static async Task WriteAsync(HttpResponse response, int code, JsonObject value)
    {
        response.StatusCode = code;
        response.ContentType = "application/json";
        await response.Body.WriteAsync(ApiJson.Write(value), response.HttpContext.RequestAborted);
    }
}
