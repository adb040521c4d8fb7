using System.Text.Json;
using System.Text.Json.Nodes;
using Rollouts.Sandbox.KubernetesApi.Patching;
using Rollouts.Sandbox.KubernetesApi.Requests;
using Rollouts.Sandbox.KubernetesApi.Schemas;

namespace Rollouts.Sandbox.KubernetesApi.Writing;

/// <summary>What each patch type makes of the stored object.</summary>
internal static class Patches
{
    /// <exception cref="ApiFailure">415 for a patch type that is not served.</exception>
    public static Func<JsonObject?, JsonObject> For(ApiRequest request, RequestBody body) => body.MediaType switch
    {
        "application/merge-patch+json" => current => Patched(request, current, c => JsonMergePatch.Apply(c, Parse(body))),
        _ => throw ApiFailure.UnsupportedMediaType("application/merge-patch+json"),
    };

    private static JsonObject Patched(ApiRequest request, JsonObject? current, Func<JsonObject, JsonNode?> patch)
    {
        var patched = patch(current ?? throw ApiFailure.NotFound(request.Kind, request.Name));
        var text = patched?.ToJsonString(ApiJson.Relaxed) ?? "null";
        if (patched is not JsonObject value)
        {
            throw ApiFailure.InvalidPatch(text, "couldn't get version/kind; the result is no object");
        }

        try
        {
            return ObjectReader.Shape(request.Kind, value);
        }
        catch (SchemaMismatchException e)
        {
            throw ApiFailure.InvalidPatch(text, e.Message);
        }
    }

    private static JsonNode? Parse(RequestBody body)
    {
        try
        {
            return ApiJson.Parse(body.Bytes.Span);
        }
        catch (JsonException e)
        {
            throw ApiFailure.BadRequest($"error decoding patch: {e.Message}");
        }
    }
}
