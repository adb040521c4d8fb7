using System.Text.Json;
using System.Text.Json.Nodes;
using Rollouts.Sandbox.KubernetesApi.Ownership;
using Rollouts.Sandbox.KubernetesApi.Patching;
using Rollouts.Sandbox.KubernetesApi.Requests;
using Rollouts.Sandbox.KubernetesApi.Schemas;
using Rollouts.Sandbox.KubernetesApi.Storage;

namespace Rollouts.Sandbox.KubernetesApi.Writing;

/// <summary>What each patch type makes of the stored object.</summary>
internal sealed class Patches(OwnershipTracker ownership)
{
    private const string JsonPatchType = "application/json-patch+json";
    private const string MergePatchType = "application/merge-patch+json";
    private const string StrategicType = "application/strategic-merge-patch+json";
    private const string ApplyType = "application/apply-patch+yaml";

    /// <summary>Reads a body that replaces the object.</summary>
    public static Change Replacement(ApiRequest request, RequestBody body)
    {
        var given = ObjectReader.ReadBody(request.Kind, body.Json());
        return new(_ => given) { CreatesMissing = request.Kind.CreateOnUpdate && request.Subresource.Length == 0 };
    }

    /// <summary>Reads a body that patches the object.</summary>
    /// <exception cref="ApiFailure">415 for a patch type that the kind does not take.</exception>
    public Change Patch(ApiRequest request, RequestBody body)
    {
        // Without a declared schema there are no merge keys: custom resources take no strategic merge patch.
        var accepted = request.Kind.Model is null
            ? (string[])[JsonPatchType, MergePatchType, ApplyType]
            : [JsonPatchType, MergePatchType, StrategicType, ApplyType];
        if (!accepted.Contains(body.MediaType))
        {
            throw ApiFailure.UnsupportedMediaType(accepted);
        }

        if (body.MediaType == ApplyType)
        {
            return Apply(request, body);
        }

        if (request.Query["force"].Count > 0)
        {
            throw ApiFailure.InvalidOptions("PatchOptions", FieldError.Forbidden("force", "may not be specified for non-apply patch"));
        }

        var patch = Parse(body);
        return body.MediaType switch
        {
            MergePatchType => Patched(request, current => JsonMergePatch.Apply(current, patch)),
            StrategicType => Patched(request, current => Strategic(request, current, patch)),
            _ => Patched(request, current => JsonPatch.Apply(current, patch as JsonArray ?? throw NoPatch("a list of operations is needed")) ?? throw ApiFailure.UnappliablePatch()),
        };
    }

    private Change Apply(ApiRequest request, RequestBody body)
    {
        if (request.Query["fieldManager"].ToString().Length == 0)
        {
            throw ApiFailure.InvalidOptions("PatchOptions", FieldError.Required("fieldManager", "is required for apply patch"));
        }

        var force = request.Query["force"].ToString() is "true" or "1";
        var configuration = AppliedConfiguration.Read(request.Kind, body);
        return new(current => ownership.Apply(request, current ?? [], configuration, force)) { CreatesMissing = true, SettlesOwnership = true };
    }

    private static JsonObject Strategic(ApiRequest request, JsonObject current, JsonNode? patch)
    {
        try
        {
            return StrategicMergePatch.Apply(
                current, patch as JsonObject ?? throw NoPatch("an object is needed"), ObjectReader.SchemaOf(request.Kind));
        }
        catch (FormatException e)
        {
            throw ApiFailure.InvalidPatch(patch?.ToJsonString(ApiJson.Relaxed) ?? "null", e.Message);
        }
    }

    private static Change Patched(ApiRequest request, Func<JsonObject, JsonNode?> patch) => new(current =>
    {
        var patched = patch(current!);
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
    });

    private static JsonNode? Parse(RequestBody body)
    {
        try
        {
            return ApiJson.Parse(body.Bytes.Span);
        }
        catch (JsonException e)
        {
            throw NoPatch(e.Message);
        }
    }

    private static ApiFailure NoPatch(string why) => ApiFailure.BadRequest($"error decoding patch: {why}");
}
