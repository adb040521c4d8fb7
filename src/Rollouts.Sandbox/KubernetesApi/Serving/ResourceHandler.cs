using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Rollouts.Sandbox.KubernetesApi.Requests;
using Rollouts.Sandbox.KubernetesApi.Storage;
using Rollouts.Sandbox.KubernetesApi.Writing;

namespace Rollouts.Sandbox.KubernetesApi.Serving;

/// <summary>Takes a call that may be made to the handler of its verb and writes the answer.</summary>
internal sealed class ResourceHandler(ObjectStore store, ObjectWriter writer, Patches patches, ObjectDeleter deleter, WatchStream watches, CancellationToken stopping)
{
    private readonly ListReader lists = new(store);

    /// <param name="request">The call.</param>
    /// <param name="body">Its body, empty for calls that read.</param>
    /// <param name="response">The answer.</param>
    /// <param name="mayCreate">Throws when the caller may not create what an update or patch does not find.</param>
    public Task HandleAsync(ApiRequest request, RequestBody body, HttpResponse response, Action mayCreate)
    {
        switch (request.Verb)
        {
            case "get":
                return response.WriteAsync(200, Find(request));
            case "list":
                return response.WriteAsync(200, lists.List(request));
            case "watch":
                return WatchAsync(request, response);
            case "create":
                return response.WriteAsync(201, writer.Create(request, ObjectReader.ReadBody(request.Kind, body.Json())));
            case "update":
                return WriteUpdatedAsync(response, writer.Update(request, Patches.Replacement(request, body), mayCreate));
            case "patch":
                return WriteUpdatedAsync(response, writer.Update(request, patches.Patch(request, body), mayCreate));
            case "delete":
                return response.WriteAsync(200, deleter.Delete(request, body.DeleteOptions()));
            case "deletecollection":
                var doomed = lists.List(request);
                deleter.DeleteAll(request, lists.Select(request));
                return response.WriteAsync(200, doomed);
            default:
                throw ApiFailure.MethodNotAllowed();
        }
    }

    private JsonObject Find(ApiRequest request) =>
        store.Find(request.Kind, request.StoredNamespace, request.Name) ?? throw ApiFailure.NotFound(request.Kind, request.Name);

    private static Task WriteUpdatedAsync(HttpResponse response, (JsonObject Value, bool Created) written) =>
        response.WriteAsync(written.Created ? 201 : 200, written.Value);

    private async Task WatchAsync(ApiRequest request, HttpResponse response)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(response.HttpContext.RequestAborted, stopping);
        await watches.WriteAsync(request, response, end.Token);
    }
}
