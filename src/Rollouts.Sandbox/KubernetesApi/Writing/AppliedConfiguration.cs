using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using Rollouts.Sandbox.KubernetesApi.Requests;
using Rollouts.Sandbox.KubernetesApi.Schemas;
using YamlDotNet.Core;

namespace Rollouts.Sandbox.KubernetesApi.Writing;

/// <summary>The body of a server-side apply: YAML or JSON that says of which kind it is and has declared fields only.</summary>
internal static class AppliedConfiguration
{
    public static JsonObject Read(KubernetesKind kind, RequestBody body)
    {
        var configuration = Parse(body) as JsonObject ?? throw ApiFailure.BadRequest("error decoding YAML: an object is needed");
        var (apiVersion, name) = (Text(configuration, "apiVersion"), Text(configuration, "kind"));
        if (apiVersion != kind.ApiVersion)
        {
            throw ApiFailure.BadRequest($"Incorrect version specified in apply patch. Specified patch version: {apiVersion}, expected: {kind.ApiVersion}");
        }

        if (name != kind.Name)
        {
            throw ApiFailure.BadRequest($"invalid object type: {apiVersion}, Kind={name}");
        }

        if (configuration["metadata"] is JsonObject metadata && metadata["managedFields"] is not null)
        {
            throw ApiFailure.BadRequest("metadata.managedFields must be nil");
        }

        try
        {
            return ObjectReader.Shape(kind, configuration, isStrict: true);
        }
        catch (SchemaMismatchException e)
        {
            throw ApiFailure.Internal($"failed to create typed patch object: {e.Path}: {e.Message}");
        }
    }

    private static JsonNode? Parse(RequestBody body)
    {
        try
        {
            return ApiJson.Parse(body.Bytes.Span);
        }
        catch (JsonException)
        {
            return ParseYaml(System.Text.Encoding.UTF8.GetString(body.Bytes.Span));
        }
    }

    private static JsonNode? ParseYaml(string text)
    {
        try
        {
            return JsonSerializer.SerializeToNode(KubernetesYaml.Deserialize<object>(text));
        }
        catch (YamlException e)
        {
            throw ApiFailure.BadRequest($"error decoding YAML: {e.Message}");
        }
    }

    private static string Text(JsonObject value, string field) => value[field] is JsonValue text && text.TryGetValue<string>(out var read) ? read : "";
}
